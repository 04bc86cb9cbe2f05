"""The bill of materials: everything that an installation is made of, in the form of CycloneDX 1.6."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any, NamedTuple

from service.version import service_version

NAME = "impactqa"
EXTRAS = frozenset({"opentelemetry", "postgresql"})  # listed where they are installed


class Part(NamedTuple):
    """An installed distribution, and what it needs."""

    dist: Distribution
    needs: list[tuple[str, frozenset[str]]]


def bill_of_materials() -> dict[str, Any]:
    """The program and every installed distribution that it needs, directly or not, with versions and licences."""
    parts = dict(_needed(NAME, EXTRAS))
    program = {"type": "application", "bom-ref": NAME, "name": NAME, "version": service_version()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": program},
        "components": [_component(name, part.dist) for name, part in sorted(parts.items()) if name != NAME],
        "dependencies": [
            {
                "ref": _ref(name, part.dist),
                "dependsOn": sorted(_ref(one, parts[one].dist) for one, _ in part.needs if one in parts),
            }
            for name, part in sorted(parts.items())
        ],
    }


def _needed(name: str, extras: frozenset[str]) -> Iterator[tuple[str, Part]]:
    """The distribution and all that it needs and that is installed."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        asked = waiting.pop()
        if asked in seen:
            continue
        seen.add(asked)
        try:
            dist = distribution(asked[0])
        except PackageNotFoundError:  # for another system, or of an extra that is not installed
            continue
        needs = list(_required(dist, asked[1]))
        yield asked[0], Part(dist, needs)
        waiting += needs


def _required(dist: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of what a distribution with these extras needs, with the extras that it needs of them."""
    for line in dist.requires or ():
        only_for = set(re.findall(r"extra\s*==\s*['\"]([\w.-]+)['\"]", line))
        found = re.match(r"([\w.-]+)\s*(?:\[([^\]]*)\])?", line)
        if found and (not only_for or only_for & extras):
            yield _normal(found[1]), frozenset(re.findall(r"[\w.-]+", found[2] or ""))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(name: str, dist: Distribution) -> dict[str, Any]:
    licence = next(iter(dist.metadata.get_all("License-Expression") or ()), "") or _classified(dist)
    told = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    ref = _ref(name, dist)
    return {"type": "library", "bom-ref": ref, "name": name, "version": dist.version, "purl": ref} | told


def _classified(dist: Distribution) -> str:
    """The licence as older distributions tell it."""
    told = [line for line in dist.metadata.get_all("Classifier") or () if line.startswith("License ::")]
    return told[0].rpartition(" :: ")[2] if told else ""


def _ref(name: str, dist: Distribution) -> str:
    return name if name == NAME else f"pkg:pypi/{name}@{dist.version}"
