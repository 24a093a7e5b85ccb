-- Every table, index and trigger of a store that a release of schema 5 made.
CREATE TABLE going (
    grant VARCHAR NOT NULL,
    PRIMARY KEY (grant)
);
CREATE TABLE store (
    id INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    vkey VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    drawn INTEGER NOT NULL,
    world VARCHAR,
    catalog VARCHAR,
    PRIMARY KEY (id)
);
CREATE TABLE setting (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE snapshot (
    digest VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (digest),
    UNIQUE (n)
);
CREATE INDEX ix_snapshot_name ON snapshot (name);
CREATE TABLE entry (
    idx INTEGER NOT NULL,
    about VARCHAR NOT NULL,
    leaf BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (idx)
);
CREATE INDEX life ON entry (substr(leaf, instr(leaf, CAST('"reason":"' AS BLOB)) + 10, 64), idx) WHERE instr(leaf, CAST('"kind":"grant.' AS BLOB));
CREATE INDEX denial ON entry (idx) WHERE instr(leaf, CAST('"kind":"answer.denied"' AS BLOB));
CREATE INDEX ix_entry_about ON entry (about);
CREATE TABLE node (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE checkpoint (
    size INTEGER NOT NULL,
    note VARCHAR NOT NULL,
    PRIMARY KEY (size)
);
CREATE TABLE precedent (
    request VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    entry INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (request, kind, entry)
);
CREATE TABLE notice (
    n INTEGER NOT NULL,
    person VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (n)
);
CREATE INDEX ix_notice_person ON notice (person);
CREATE TABLE item (
    kind VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    body BLOB NOT NULL,
    digest VARCHAR NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE usage (
    identity VARCHAR NOT NULL,
    permission VARCHAR NOT NULL,
    day DATE NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (identity, permission, day)
);
CREATE TABLE request (
    id VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    speaker VARCHAR NOT NULL,
    asked_for VARCHAR,
    at BIGINT NOT NULL,
    text_digest VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (n)
);
CREATE INDEX ix_request_status ON request (status);
CREATE INDEX ix_request_speaker ON request (speaker);
CREATE TABLE text (
    digest VARCHAR NOT NULL,
    request VARCHAR NOT NULL,
    part INTEGER NOT NULL,
    speaker VARCHAR NOT NULL,
    salt BLOB,
    body BLOB,
    PRIMARY KEY (digest)
);
CREATE INDEX ix_text_request ON text (request);
CREATE TABLE finding (
    n INTEGER NOT NULL,
    request VARCHAR NOT NULL,
    "key" VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (n)
);
CREATE INDEX ix_finding_request ON finding (request);
CREATE TABLE answer (
    n INTEGER NOT NULL,
    request VARCHAR NOT NULL,
    person VARCHAR NOT NULL,
    consent BOOLEAN NOT NULL,
    proposal_digest VARCHAR NOT NULL,
    catalog_digest VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    reason_digest VARCHAR NOT NULL,
    beneficiary VARCHAR NOT NULL,
    settles BOOLEAN NOT NULL,
    PRIMARY KEY (n),
    UNIQUE (request, proposal_digest, person)
);
CREATE INDEX ix_answer_beneficiary ON answer (beneficiary);
CREATE UNIQUE INDEX one_settles ON answer (request, proposal_digest) WHERE settles;
CREATE INDEX ix_answer_request ON answer (request);
CREATE TABLE grant (
    id VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    request VARCHAR NOT NULL,
    beneficiary VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    targets VARCHAR NOT NULL,
    start BIGINT NOT NULL,
    "end" BIGINT NOT NULL,
    floating BOOLEAN NOT NULL,
    status VARCHAR NOT NULL,
    live BOOLEAN NOT NULL,
    decision VARCHAR NOT NULL,
    owners VARCHAR NOT NULL,
    accountable VARCHAR NOT NULL,
    held_before VARCHAR NOT NULL,
    ended BIGINT,
    cause VARCHAR NOT NULL,
    attempts INTEGER NOT NULL,
    absolute BOOLEAN NOT NULL,
    failure VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_grant_n ON grant (n);
CREATE INDEX ix_grant_request ON grant (request);
CREATE UNIQUE INDEX one_live ON grant (request, role) WHERE live;
CREATE INDEX ix_grant_beneficiary ON grant (beneficiary);
CREATE INDEX ix_grant_status ON grant (status);
CREATE INDEX odd ON grant (n) WHERE status NOT IN ('draft', 'needs_info', 'pending', 'approved', 'activating', 'active', 'expiring', 'expired', 'revoking', 'revoked', 'revoke_failed', 'denied', 'returned', 'cancelled', 'lapsed', 'blocked');
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER node_no_update BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER node_no_delete BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
