"""API keys: who may do what, for how long. A key is shown once; the store holds its hash."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple, get_args

from sqlalchemy import RowMapping, insert, select, update

from corpus import schema
from corpus.collections import Reach, checked
from corpus.database import Database, asked_again
from corpus.queries import NotFound

Scope = Literal["ask", "read", "ingest", "review", "curate", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
_INCLUDED: dict[str, tuple[Scope, ...]] = {"curate": ("ingest", "review"), "admin": SCOPES}
_SECRET = re.compile(r"iq_([0-9a-f]{8})_[A-Za-z0-9_-]{43}", re.ASCII)


class Key(NamedTuple):
    """A key without its secret. Times are UTC in ISO 8601; "" for never."""

    id: str
    name: str  # whose it is, or what for
    scopes: tuple[str, ...]
    created_at: str
    expires_at: str
    revoked_at: str
    collections: tuple[str, ...] = ()  # that it is for; without any it is for all

    @property
    def is_valid(self) -> bool:
        return not self.revoked_at and (not self.expires_at or _now() < self.expires_at)

    def allows(self, scope: Scope) -> bool:
        """True when its holder may do what needs `scope`; an admin may do everything."""
        return any(scope == own or scope in _INCLUDED.get(own, ()) for own in self.scopes)

    @property
    def reach(self) -> Reach:
        """What its holder may read."""
        return Reach.of(self.collections)


class Keys:
    """All API keys of one data folder."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, name: str, scopes: Sequence[Scope], days: int | None = None, collections: Sequence[str] = ()
    ) -> tuple[Key, str]:
        """A new key, and its secret, which nobody can read again. Without `days` it never expires."""
        id = secrets.token_hex(4)
        secret = f"iq_{id}_{secrets.token_urlsafe(32)}"
        expires_at = "" if days is None else _moment(datetime.now(UTC) + timedelta(days=days))
        reach = Reach.of(map(checked, collections))
        key = Key(id, name, tuple(dict.fromkeys(scopes)), _now(), expires_at, "", reach.names or ())
        told = {"scopes": " ".join(key.scopes), "collections": reach.told, "sha256": _hash(secret)}
        row = key._asdict() | told
        with self._database.writing() as connection:
            connection.execute(insert(schema.api_key), row)
        return key, secret

    @asked_again
    def found(self, secret: str) -> Key | None:
        """The valid key with this secret; None when there is none."""
        if not (form := _SECRET.fullmatch(secret)):
            return None
        with self._database.reading() as connection:
            query = select(schema.api_key).where(schema.api_key.c.id == form[1])
            row = connection.execute(query).one_or_none()
        if row is None or not hmac.compare_digest(row.sha256, _hash(secret)):
            return None
        key = _key(row._mapping)
        return key if key.is_valid else None

    @asked_again
    def list(self) -> list[Key]:
        """Every key, revoked and expired ones too, in the order they were made."""
        query = select(schema.api_key).order_by(schema.api_key.c.created_at, schema.api_key.c.id)
        with self._database.reading() as connection:
            return [_key(row._mapping) for row in connection.execute(query)]

    def revoke(self, id: str) -> Key:
        """The key, which is of no use from here on. Raises NotFound."""
        table = schema.api_key.c
        with self._database.writing() as connection:
            connection.execute(
                update(schema.api_key).where(table.id == id, table.revoked_at == "").values(revoked_at=_now())
            )
            row = connection.execute(select(schema.api_key).where(table.id == id)).one_or_none()
        if row is None:
            raise NotFound("Key", id, "List the keys with: impactqa keys list")
        return _key(row._mapping)


def _key(row: RowMapping) -> Key:
    listed = {field: tuple(row[field].split()) for field in ("scopes", "collections")}
    return Key(**{field: row[field] for field in Key._fields} | listed)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _now() -> str:
    return _moment(datetime.now(UTC))


def _moment(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")
