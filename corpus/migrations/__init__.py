"""How an older store becomes one of this version; run by Store.open, no alembic.ini needed."""
