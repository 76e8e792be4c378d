//! The rules that let a database which spreads rows by org take over, held against every statement and the schema.
//!
//! Each statement is about one org, its first value; each key begins with the org; tables meet only within an org; and
//! nothing is used that only a single machine can give: sequences, triggers, advisory locks, notifications, transaction
//! numbers. The check reads tokens, not the whole of SQL: it knows the shapes this storage uses and refuses others.

use super::{schema, sql};

/// What nothing may use.
const FORBIDDEN: &[&str] = &[
    "sequence",
    "serial",
    "bigserial",
    "smallserial",
    "identity",
    "generated",
    "nextval",
    "currval",
    "lastval",
    "setval",
    "trigger",
    "references",
    "foreign",
    "listen",
    "notify",
    "unlisten",
    "xmin",
    "xmax",
    "ctid",
];
const FORBIDDEN_PARTS: &[&str] = &["advisory", "txid", "_xact_", "pg_notify", "snapshot"];

/// Statements about no org, and what they may touch: the transaction's own, the schema's row, and the list of orgs.
const ABOUT_NO_ORG: &[(&str, &[&str])] = &[
    ("BEGIN", &[]),
    ("BEGIN_SNAPSHOT", &[]),
    ("COMMIT", &[]),
    ("SETTINGS", &[]),
    ("LOCK_VERSION", &["doorstep_schema"]),
    ("SET_VERSION", &["doorstep_schema"]),
    ("TOUCH", &["doorstep_schema"]),
    ("ORGS", &["org_clock"]),
];

/// Words that follow a table and are not its alias.
const NO_ALIAS: &[&str] = &[
    "join",
    "left",
    "on",
    "where",
    "set",
    "order",
    "limit",
    "group",
    "for",
    "returning",
    "values",
    "select",
    "from",
];

fn tokens(sql: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut token = String::from(c);
        if c == '\'' || c == '"' {
            for inside in rest.by_ref() {
                if inside == c {
                    break;
                }
                token.push(inside);
            }
            // A quoted name is a name; a text is only a text.
            token = if c == '"' { token[1..].to_owned() } else { "'".to_owned() };
        } else if c.is_alphanumeric() || c == '_' || c == '$' {
            while let Some(more) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                token.push(more);
            }
        }
        tokens.push(token.to_lowercase());
    }
    tokens
}

struct Table {
    name: String,
    alias: String,
    is_target_of_insert: bool,
}

/// What a statement breaks.
fn broken(text: &str) -> Vec<String> {
    let words = tokens(text);
    let mut wrong = forbidden(&words);
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    let tables = tables(&words, &mut wrong);
    if tables.is_empty() {
        wrong.push("touches no table of an org".to_owned());
    }
    let mut depth = 0_i32;
    for i in 0..words.len() {
        match word(i) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "or" if depth == 0 => {
                wrong.push("OR outside of parentheses: the org is no condition any more".to_owned())
            }
            ";" => wrong.push("more than one statement".to_owned()),
            "conflict" if word(i + 1) != "(" || word(i + 2) != "org" => {
                wrong.push("ON CONFLICT does not begin with the org".to_owned());
            }
            "set" | "," if word(i + 1) == "org" && word(i + 2) == "=" => {
                wrong.push("moves a row to another org".to_owned());
            }
            _ => {}
        }
    }
    // Which tables are held to the org, and which to one that is.
    let mut held: Vec<&str> = Vec::new();
    loop {
        let before = held.len();
        for table in tables.iter().filter(|table| !table.is_target_of_insert) {
            if !held.contains(&table.alias.as_str()) && is_held(&words, table, &held) {
                held.push(&table.alias);
            }
        }
        if held.len() == before {
            break;
        }
    }
    for table in &tables {
        if table.is_target_of_insert {
            wrong.extend(insert(&words, table));
        } else if !held.contains(&table.alias.as_str()) {
            wrong.push(format!("{} is not held to the org", table.name));
        }
    }
    wrong
}

fn forbidden(words: &[String]) -> Vec<String> {
    let is_bad = |word: &&String| {
        FORBIDDEN.contains(&word.as_str()) || FORBIDDEN_PARTS.iter().any(|part| word.contains(part))
    };
    words.iter().filter(is_bad).map(|word| format!("uses {word}")).collect()
}

fn tables(words: &[String], wrong: &mut Vec<String>) -> Vec<Table> {
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    let mut tables = Vec::new();
    for i in 0..words.len() {
        let before = if i == 0 { "" } else { word(i - 1) };
        let names = match word(i) {
            "from" | "join" | "into" | "using" => before != "distinct",
            // Not FOR UPDATE, nor DO UPDATE.
            "update" => before != "for" && before != "do",
            _ => false,
        };
        let name = word(i + 1);
        if !names || name == "unnest" {
            continue;
        }
        let is_target_of_insert = word(i) == "into";
        if name == "(" || word(i + 2) == "." || (word(i + 2) == "(" && !is_target_of_insert) {
            wrong.push(format!("reads from something else than a table: {name}"));
            continue;
        }
        let next = word(i + 2);
        let is_alias = !next.is_empty()
            && !is_target_of_insert
            && next.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !NO_ALIAS.contains(&next);
        let alias = if is_alias { next } else { name };
        let after = word(if is_alias { i + 3 } else { i + 2 });
        if after == "," {
            wrong.push(format!("{name} is joined by a comma"));
        }
        tables.push(Table { name: name.to_owned(), alias: alias.to_owned(), is_target_of_insert });
    }
    tables
}

/// Whether a condition says that a table's org is the first value, or that of a table that is held to it.
fn is_held(words: &[String], table: &Table, held: &[&str]) -> bool {
    let said = |condition: &[&str]| {
        words.windows(condition.len() + 1).any(|at| {
            matches!(at[0].as_str(), "where" | "and" | "on")
                && at[1..].iter().map(String::as_str).eq(condition.iter().copied())
        })
    };
    let alias = table.alias.as_str();
    said(&[alias, ".", "org", "=", "$1"])
        || (alias == table.name && said(&["org", "=", "$1"]))
        || held.iter().any(|other| {
            said(&[alias, ".", "org", "=", other, ".", "org"])
                || said(&[other, ".", "org", "=", alias, ".", "org"])
        })
}

/// An insertion names the org first, and its value is the first one.
fn insert(words: &[String], table: &Table) -> Option<String> {
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let columns = all.windows(4).any(|at| at == ["into", &table.name, "(", "org"]);
    let value = all.windows(3).any(|at| at == ["values", "(", "$1"])
        || all.windows(2).any(|at| at == ["select", "$1"]);
    (!columns || !value).then(|| format!("inserts into {} without the org first", table.name))
}

/// What a version of the schema breaks.
fn broken_schema(text: &str) -> Vec<String> {
    let plain: String =
        text.lines().map(|line| line.split("--").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let words = tokens(&plain);
    let mut wrong = forbidden(&words);
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    for i in 0..words.len() {
        match (word(i), word(i + 1)) {
            ("create", "table") if word(i + 3) != "(" || word(i + 4) != "org" => {
                wrong.push(format!("table {} does not begin with the org", word(i + 2)));
            }
            ("primary", "key") => {
                // In brackets, or beside its column.
                let begins = if word(i + 2) == "(" { i + 2 } else { column(&words, i) };
                if word(begins + 1) != "org" {
                    wrong.push("a key does not begin with the org".to_owned());
                }
            }
            ("unique", "(") if word(i + 2) != "org" => wrong.push("a unique key without the org".to_owned()),
            ("index", name) => {
                let rest = &words[i..];
                let opens = rest.iter().position(|word| word == "(").unwrap_or(0);
                if rest.get(opens + 1).map(String::as_str) != Some("org") {
                    wrong.push(format!("index {name} does not begin with the org"));
                }
            }
            _ => {}
        }
    }
    wrong
}

/// Where the column that a word belongs to begins: the comma or bracket before it.
fn column(words: &[String], at: usize) -> usize {
    words[..at].iter().rposition(|word| word == "," || word == "(").unwrap_or(0)
}

#[test]
fn every_statement_is_about_one_org() {
    assert!(sql::ALL.len() > 50, "the list is read");
    for (name, statement) in sql::ALL {
        let wrong = match ABOUT_NO_ORG.iter().find(|(exempt, _)| exempt == name) {
            None => broken(statement.text()),
            Some((_, may)) => {
                let words = tokens(statement.text());
                let mut wrong = Vec::new();
                let touched = tables(&words, &mut wrong);
                assert!(touched.iter().all(|table| may.contains(&table.name.as_str())), "{name}");
                wrong.extend(forbidden(&words));
                wrong
            }
        };
        assert!(wrong.is_empty(), "{name}: {wrong:?}\n{}", statement.text());
    }
    for (exempt, _) in ABOUT_NO_ORG {
        assert!(sql::ALL.iter().any(|(name, _)| name == exempt), "{exempt} is no statement any more");
    }
}

#[test]
fn every_key_begins_with_the_org() {
    for version in schema::VERSIONS {
        assert_eq!(broken_schema(version), Vec::<String>::new());
    }
}

/// The check can fail: each of these breaks one rule, and is told so.
#[test]
fn bad_statements_are_told_apart() {
    for (text, why) in [
        ("SELECT n FROM device WHERE device_id = $1", "device is not held to the org"),
        ("SELECT n FROM device", "device is not held to the org"),
        ("SELECT n FROM device WHERE org = $2 AND n = $1", "device is not held to the org"),
        ("SELECT n FROM device WHERE org = $1 OR n = $2", "OR outside of parentheses"),
        ("SELECT n FROM device WHERE org <> $1", "device is not held to the org"),
        ("SELECT n FROM device d, parked p WHERE d.org = $1 AND p.org = $1", "joined by a comma"),
        (
            "SELECT e.n FROM entry_log e JOIN parked p ON p.n = e.n WHERE e.org = $1",
            "parked is not held to the org",
        ),
        (
            "SELECT e.n FROM entry_log e JOIN parked p ON p.org = e.org WHERE e.n = $1",
            "entry_log is not held",
        ),
        ("SELECT n FROM (SELECT n FROM device) d WHERE org = $1", "something else than a table"),
        ("SELECT n FROM generate_series(1, 3) WHERE org = $1", "something else than a table"),
        ("UPDATE device SET n = 1 WHERE device_id = $1", "device is not held to the org"),
        ("UPDATE device SET n = 1, org = $2 WHERE org = $1", "moves a row"),
        (
            "UPDATE parked p SET n = 1 FROM device d WHERE p.org = $1 AND d.n = p.n",
            "device is not held to the org",
        ),
        ("DELETE FROM session WHERE expires_ms < $1", "session is not held to the org"),
        ("DELETE FROM session USING device WHERE session.org = $1", "device is not held to the org"),
        ("INSERT INTO ink (digest, org) VALUES ($1, $2)", "without the org first"),
        ("INSERT INTO ink (org, digest) VALUES ($2, $1)", "without the org first"),
        ("INSERT INTO ink SELECT $1, u.* FROM unnest($2::BYTEA[]) AS u", "without the org first"),
        ("INSERT INTO ink (org, digest) SELECT org, digest FROM ink WHERE org = $1", "without the org first"),
        ("INSERT INTO ink (org, digest) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING", "ON CONFLICT"),
        ("INSERT INTO ink (org, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING", "ON CONFLICT"),
        ("SELECT nextval('x') FROM org_clock WHERE org = $1", "uses nextval"),
        ("SELECT pg_advisory_xact_lock(1)", "uses pg_advisory_xact_lock"),
        ("SELECT xmin FROM org_clock WHERE org = $1", "uses xmin"),
        ("SELECT pg_current_xact_id() FROM org_clock WHERE org = $1", "uses pg_current_xact_id"),
        ("NOTIFY feed", "uses notify"),
        ("SELECT n FROM device WHERE org = $1; DELETE FROM device", "more than one statement"),
        ("SELECT 1", "touches no table"),
    ] {
        let wrong = broken(text);
        assert!(wrong.iter().any(|said| said.contains(why)), "{text}: {wrong:?}");
    }
    for (text, why) in [
        ("CREATE TABLE x (id UUID NOT NULL, PRIMARY KEY (org, id))", "table x does not begin"),
        ("CREATE TABLE x (org TEXT, id UUID, PRIMARY KEY (id, org))", "a key does not begin"),
        ("CREATE TABLE x (org TEXT, id UUID PRIMARY KEY)", "a key does not begin"),
        ("CREATE TABLE x (org TEXT, id UUID, UNIQUE (id))", "a unique key without the org"),
        ("CREATE TABLE x (org TEXT, id BIGSERIAL, PRIMARY KEY (org, id))", "uses bigserial"),
        ("CREATE TABLE x (org TEXT, id BIGINT GENERATED ALWAYS AS IDENTITY)", "uses identity"),
        ("CREATE TABLE x (org TEXT, id UUID REFERENCES y (id))", "uses references"),
        ("CREATE UNIQUE INDEX i ON x (id)", "index i does not begin"),
        ("CREATE INDEX i ON x (id, org)", "index i does not begin"),
        ("CREATE TRIGGER t BEFORE UPDATE ON x EXECUTE FUNCTION f()", "uses trigger"),
    ] {
        let wrong = broken_schema(text);
        assert!(wrong.iter().any(|said| said.contains(why)), "{text}: {wrong:?}");
    }
}
