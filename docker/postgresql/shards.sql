-- On the first server, after shard.sql on the second: half of the vectors and postings go there. What is in the
-- index is removed; the next start of a service, or `impactqa index`, builds it again from stored vectors.
-- psql postgresql://…first…/impactqa --set host=… --set port=… --set dbname=… --set user=… --set password=… --file shards.sql
\set ON_ERROR_STOP on
BEGIN;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE SERVER shard FOREIGN DATA WRAPPER postgres_fdw OPTIONS (
    host :'host', port :'port', dbname :'dbname',
    extensions 'vector',    -- the second server sorts by distance itself, so that only the nearest are sent
    async_capable 'true',   -- both search at the same time
    fetch_size '1000', batch_size '1000',
    options '-c hnsw.iterative_scan=relaxed_order -c hnsw.ef_search=400'
);
CREATE USER MAPPING FOR CURRENT_USER SERVER shard OPTIONS (user :'user', password :'password');

DROP TABLE IF EXISTS index_generation, index_entry, index_vector, index_posting;
CREATE TABLE index_vector (
    number bigint NOT NULL, text_sha256 text NOT NULL, vector vector NOT NULL,
    born integer NOT NULL, gone integer NOT NULL
) PARTITION BY HASH (number);
CREATE TABLE index_vector_here PARTITION OF index_vector (PRIMARY KEY (number))
    FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE FOREIGN TABLE index_vector_there PARTITION OF index_vector
    FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER shard OPTIONS (table_name 'index_vector');

CREATE TABLE index_posting (
    term text COLLATE "C" NOT NULL, entry bigint NOT NULL, frequency integer NOT NULL, length integer NOT NULL,
    born integer NOT NULL, gone integer NOT NULL
) PARTITION BY HASH (entry);
CREATE TABLE index_posting_here PARTITION OF index_posting (PRIMARY KEY (term, entry))
    FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE FOREIGN TABLE index_posting_there PARTITION OF index_posting
    FOR VALUES WITH (MODULUS 2, REMAINDER 1) SERVER shard OPTIONS (table_name 'index_posting');
COMMIT;
