"""Every setting of the service, with the reason for its default; the only reader of the environment."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.limits import Limits


def _parted(value: Any) -> Any:
    """What stands between the commas of a variable; other values as they are."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parted)]


class Settings(BaseSettings):
    """Read from IMPACTQA_… variables, then from a file `.env` in the working folder, then these defaults."""

    # Other programs' variables stand there too: unknown names are ignored, bad values of known ones refused.
    model_config = SettingsConfigDict(env_prefix="IMPACTQA_", env_file=".env", extra="ignore", frozen=True)

    # One folder holds everything that changes, so that a backup or a container volume is one path.
    data_dir: Path = Path("data")

    # postgresql://HOST/NAME, in any form that libpq reads, puts the store on a server that several machines
    # share; index and inbox stay in the data folder. By default the store is a file in it.
    store: str = ""

    # A replica of that server: new states of the store are loaded from it, and reads go on when the server is gone.
    store_read: str = ""

    # Nobody but this machine may ask until somebody decides otherwise.
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)

    # Who else may reach the service needs a key; "off" is for one that others guard, "required" for one that a
    # proxy on this machine opens to others.
    keys: Literal["auto", "required", "off"] = "auto"

    # What addresses in answers begin with when a proxy serves them, else what the request was sent to.
    public_url: str = ""

    # Sites whose pages may ask from a browser: https://www.example.org, several with commas. None may by itself.
    allowed_origins: Listed = ()

    # Host headers that clients of /mcp may send, with a port or ":*" for any. Without any: names of this machine
    # and of public_url, where no key is needed. A page that had its name point here (DNS rebinding) sends its own.
    allowed_hosts: Listed = ()

    # The name or folder of a sentence-transformers model, or "hash" for the model-free embedder of the tests.
    # This one is small (90 MB), installs from a package and needs about 10 ms a question on two cores.
    model: str = "all-MiniLM-L6-v2"

    # Where the model's exported graphs are kept (135 MB, made again when missing); else the user's cache folder.
    cache_dir: Path | None = None

    # Threads that embed the passages of a document; a question gets one. Two is what the smallest machine has.
    threads: int = Field(default=2, ge=1, le=256)

    # Vectors that are searched exactly; of more, bit codes first choose candidates (docs/performance.md). 50 000 take
    # 3 ms, as long as encoding a question.
    exact_vectors_max: int = Field(default=50_000, ge=0)

    # Answers computed at the same time. Each is bound by the processor, so more only makes all of them late: with
    # two (and four waiting), 100 clients got no more answers and the slowest took six times as long.
    asks_at_once: int = Field(default=1, ge=1, le=64)

    # Questions that wait for their turn; the next one is told to come again, which costs less than waiting long.
    asks_waiting_max: int = Field(default=2, ge=0, le=1_000)

    # How long one question may take, its turn in the queue included; the help of a language model comes on top.
    # An ordinary one takes some 50 ms; what takes longer than this is made to.
    ask_seconds_max: float = Field(default=20.0, gt=0, le=600)

    # Requests a minute of one key, or of one address where no key is needed: ten a second, for a person's pages or
    # a patient program. 0 counts none.
    requests_per_minute: int = Field(default=600, ge=0)

    # A question is a sentence or two; 4 000 characters are two pages, and are parsed in under a second.
    question_chars_max: int = Field(default=4_000, ge=1)

    # The largest honest request is a question with some hundred filter values: 256 KiB leave room.
    body_bytes_max: int = Field(default=262_144, ge=1_024)

    # One upload, all its files together: a long report with pictures has some 50 MB.
    upload_bytes_max: int = Field(default=200_000_000, ge=1_024)

    # What one file may take to be read: seconds of the processor (and 0.2 more for each kB of it) and memory.
    # 1.5 million characters took 60 s and 0.8 GB; what takes more is nearly always made to, or damaged.
    read_seconds_max: int = Field(default=30, ge=1)
    read_memory_bytes_max: int = Field(default=2_000_000_000, ge=500_000_000)

    # Fetching an address on somebody's behalf reaches what only this machine may reach; who needs it decides so.
    fetch_urls: bool = False

    # A follow-up refers to what was just said; reading further back finds the wrong antecedent.
    history_answers_max: int = Field(default=10, ge=0, le=100)

    # An OpenAI-compatible endpoint that may say sentences otherwise, for example http://127.0.0.1:11434/v1.
    # Empty: no model is asked. Questions and quotes are sent there, so nobody but the operator names it.
    llm_url: str = ""
    llm_model: str = ""
    llm_key: SecretStr = SecretStr("")

    # How long an answer waits for the model's words before it is given in our own.
    llm_timeout_seconds: float = Field(default=8.0, gt=0, le=120)

    # The Slack app whose requests are answered at /slack/…; its token is for answers to mentions. The address is
    # another one for Slack's separate clouds.
    slack_signing_secret: SecretStr = SecretStr("")
    slack_token: SecretStr = SecretStr("")
    slack_url: str = "https://slack.com"

    # Collections that answers in Slack are made from, several with commas; without any they are made from all.
    slack_collections: Listed = ()

    # The Teams app (an Azure bot) whose messages are answered at /teams/messages; the tenant is that of an app for
    # one organisation, the secret is for answers to messages.
    teams_app_id: str = ""
    teams_tenant_id: str = ""
    teams_secret: SecretStr = SecretStr("")

    # Collections that answers in Teams are made from, as for Slack.
    teams_collections: Listed = ()

    # Rows of one page of /v1/facts. A reader who wants all follows the cursor or takes the CSV.
    page_rows_max: int = Field(default=500, ge=1, le=10_000)

    # A newcomer who starts the service on an empty folder should have something to ask at once.
    index_samples: bool = True

    # A file that every answer is noted in: who asked what, when, and from which sources it was answered. Without
    # one nothing of the kind is kept, since it holds the questions.
    audit_file: Path | None = None

    # Where traces go, for example http://127.0.0.1:4318/v1/traces (OpenTelemetry over HTTP; needs the extra
    # impactqa[opentelemetry]). They hold ids and times, no question.
    traces_url: str = ""

    # Questions may name people, so the log holds ids, sizes and times only, at every level.
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        """Origins as browsers send them: a path or a star would never match."""
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError(f"{origin!r} is no origin; give one like https://www.example.org")
        return origins

    @model_validator(mode="after")
    def _check_llm(self) -> Self:
        """Both or none of address and model, and an address that hides no password in the log."""
        parts = urlsplit(self.llm_url)
        if self.llm_url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.username):
            raise ValueError("IMPACTQA_LLM_URL is no web address; give one like http://127.0.0.1:11434/v1")
        if bool(self.llm_url) != bool(self.llm_model):
            raise ValueError("IMPACTQA_LLM_URL and IMPACTQA_LLM_MODEL go together; set both or none")
        return self

    @property
    def keys_required(self) -> bool:
        """True when a request needs an API key: always, or when other machines can send one."""
        return self.keys == "required" or (self.keys == "auto" and not is_loopback(self.host))

    @property
    def store_place(self) -> tuple[Path, str, str]:
        """Where the store is: what `Store.open` takes."""
        return self.data_dir, self.store, self.store_read

    @property
    def reading_limits(self) -> Limits:
        """What reading one file may take."""
        return Limits(self.read_seconds_max, self.read_memory_bytes_max)

    @property
    def index_dir(self) -> Path:
        """The folder of the index's generations."""
        return self.data_dir / "index"


def is_loopback(host: str) -> bool:
    """True when only this machine can be at that address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name: of those only this one surely means this machine
        return host == "localhost"
