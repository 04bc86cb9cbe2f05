-- On the second server: its share of the index. psql postgresql://…second…/impactqa --file shard.sql
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE index_vector (
    number bigint PRIMARY KEY, text_sha256 text NOT NULL, vector vector NOT NULL,
    born integer NOT NULL, gone integer NOT NULL
);
CREATE TABLE index_posting (
    term text COLLATE "C" NOT NULL, entry bigint NOT NULL, frequency integer NOT NULL, length integer NOT NULL,
    born integer NOT NULL, gone integer NOT NULL, PRIMARY KEY (term, entry)
);
CREATE INDEX index_posting_entry ON index_posting (entry);
-- For more than 20 000 vectors, of as many dimensions as the model has:
-- CREATE INDEX index_vector_graph ON index_vector USING hnsw ((vector::vector(384)) vector_ip_ops);
