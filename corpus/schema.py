"""The tables of the store: what is filtered on has a column, the whole record is beside it as JSON."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    TypeDecorator,
)
from sqlalchemy import Text as AnyText
from sqlalchemy.types import TypeEngine

REVISION = "8"  # of the newest migration: a store that says the same needs none

metadata = MetaData()


class Text(TypeDecorator[str]):
    """Text that is compared and sorted by its code points, whatever language a server was set up for."""

    impl = AnyText
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        return AnyText(collation="C") if dialect.name == "postgresql" else self.impl_instance

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """PostgreSQL takes no NUL. Records are JSON, which escapes it: only what is looked up by is changed."""
        return value and (
            value.replace("\0", "\N{SYMBOL FOR NULL}") if dialect.name == "postgresql" else value
        )


def _document_id() -> Column[str]:
    return Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)


def _position() -> Column[int]:
    """The reading order inside its document."""
    return Column("position", Integer, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _folded(name: str) -> Column[str]:
    """A name that is asked for without regard to the case of ASCII letters."""
    return Column(name, Text().with_variant(AnyText(collation="NOCASE"), "sqlite"), nullable=False)


document = Table(
    "document",
    metadata,
    Column("id", Text, primary_key=True),
    Column(
        "sha256", Text, nullable=False, unique=True
    ),  # `collections.identity`: SQLite can't make it two columns
    Column("source_name", Text, nullable=False, unique=True),  # one of its names in `source`; sorts documents
    _text("title"),
    _text("media_type"),
    _text("language"),
    Column("chars", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("facts", Integer, nullable=False),
    _text("content_sha256"),  # of all that was read from it: its text, passages, entities and facts
    Column("curated_sha256", Text, nullable=False, server_default=""),  # of its decided facts, "" without any
    Column("extractor", Text, nullable=False, server_default=""),  # version of the code that read it
    _text("record"),
    Column("collection", Text, nullable=False, server_default="default"),
    Column("bytes_sha256", Text, nullable=False, server_default=""),
)

# Equal bytes are stored once, however many files hold them. Each name is remembered, so that a name which
# later holds other bytes takes the document away only when no other name still stands for it.
source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("document.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("location"),  # the absolute path it was read from, "" when it did not come from a file
)

# The bytes that were read, as they were, and where their words are printed, packed.
original = Table("original", metadata, _document_id(), Column("data", LargeBinary, nullable=False))
page_map = Table("page_map", metadata, _document_id(), Column("data", LargeBinary, nullable=False))

passage = Table(
    "passage",
    metadata,
    _document_id(),
    _position(),
    Column("id", Text, nullable=False, unique=True),
    _text("record"),
)

entity = Table("entity", metadata, _document_id(), _position(), _text("key"), _text("kind"), _text("record"))

fact = Table(
    "fact",
    metadata,
    _document_id(),
    _position(),
    Column("id", Text, nullable=False, unique=True),
    Column("outcome_type", Text, nullable=False, index=True),
    Column("subject_key", Text, index=True),
    Column("object_key", Text),
    _text("subject_type"),
    _folded("project"),
    _folded("place"),
    _text("date"),
    _text("polarity"),
    _text("modality"),
    _text("origin"),
    _text("review"),
    Column("proposed", Text),  # the record as it was read, once a decision has changed it
    _text("record"),
)

# What people decided about facts, only ever added to. No key leads to documents and facts: these come and go
# with the files, the decisions stay.
decision = Table(
    "decision",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("document_id", Text, nullable=False, index=True),
    Column("source_name", Text, nullable=False, index=True),
    _text("record"),
)

# What embedding a text cost seconds for. Keyed by the text, not by a passage: a document that is read again
# finds its vectors again. SQLite does not notice a flipped bit, hence the checksum.
embedding = Table(
    "embedding",
    metadata,
    Column("model", Text, primary_key=True),
    Column("text_sha256", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    Column("crc32", Integer().with_variant(BigInteger(), "postgresql"), nullable=False),  # unsigned
    sqlite_with_rowid=False,
)

# What was asked of the service and takes longer than a request: kept until it is done, whatever happens.
job = Table(
    "job",
    metadata,
    Column("position", Integer, primary_key=True),  # the order they were accepted in
    Column("id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False, index=True),
    Column("idempotency_key", Text, unique=True),
    _text("request_sha256"),
    _text("record"),
)

# The files of unfinished jobs that machines share, each of which has an inbox of its own.
received = Table(
    "received",
    metadata,
    Column("job_id", Text, primary_key=True),
    Column("stored", Text, primary_key=True),  # the name in the inbox
    Column("data", LargeBinary, nullable=False),
)

conversation = Table("conversation", metadata, Column("id", Text, primary_key=True), _text("started_at"))

turn = Table(
    "turn",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    Column("answer_id", Text, nullable=False, unique=True),
    _text("asked_at"),
    _text("question"),
    _text("answer"),
    Column("collections", Text, nullable=False, server_default=""),  # that it was made from, "" for all
    Index("ix_turn_conversation_id", "conversation_id", "position"),
)

# What people say of answers; an answer may be judged more than once.
feedback = Table(
    "feedback",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("answer_id", Text, ForeignKey("turn.answer_id", ondelete="CASCADE"), nullable=False, index=True),
    _text("given_at"),
    _text("verdict"),
    _text("note"),
)

# Who may do what. A key is 256 random bits, so that its plain hash cannot be guessed back; it is found by `id`.
api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("sha256"),
    _text("scopes"),
    _text("created_at"),
    _text("expires_at"),  # "" for never
    _text("revoked_at"),  # "" for not
    Column("collections", Text, nullable=False, server_default=""),  # that it is for, "" for all
)
