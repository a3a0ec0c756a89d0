/**
 * The schema in steps, applied once each and in order. As in SQLite, times are epoch milliseconds and `watermark`
 * outlives the events it speaks of. Texts of events are `text`: what JSON allows and jsonb does not is kept too.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE event (
    position bigint PRIMARY KEY,
    box text NOT NULL, sequence bigint NOT NULL, priority smallint NOT NULL,
    site text NOT NULL, type text NOT NULL, subject text,
    time bigint NOT NULL, stored bigint NOT NULL, json text NOT NULL
  );
  CREATE UNIQUE INDEX event_sequence ON event (box, sequence);
  CREATE INDEX event_time ON event (time, position);
  CREATE INDEX event_box_type ON event (box, type, time, position);
  CREATE INDEX event_box ON event (box, time, position);
  CREATE INDEX event_site ON event (site, time, position);
  CREATE INDEX event_type ON event (type, time, position);
  CREATE INDEX event_priority ON event (priority, time, position);
  CREATE INDEX event_subject ON event (subject, time, position) WHERE subject IS NOT NULL;
  CREATE TABLE watermark (box text, priority smallint, upto bigint NOT NULL, PRIMARY KEY (box, priority));
  CREATE TABLE tombstone (
    box text, priority smallint, first bigint, json text NOT NULL, PRIMARY KEY (box, priority, first)
  );
  CREATE TABLE bucket (
    seconds integer, start bigint, site text, priority smallint, events bigint NOT NULL,
    PRIMARY KEY (seconds, start, site, priority)
  );
  CREATE TABLE object (id text PRIMARY KEY, kind text NOT NULL, first bigint NOT NULL, last bigint NOT NULL);
  CREATE INDEX object_last ON object (last);
  CREATE TABLE fix (
    object text, time bigint, box text NOT NULL, lon float8 NOT NULL, lat float8 NOT NULL,
    speed_kph float8, course_deg float8, quality text, PRIMARY KEY (object, time)
  );
  CREATE TABLE object_box (object text, box text, PRIMARY KEY (object, box));
  CREATE TABLE fence_change (
    object text, time bigint, position bigint, fence text NOT NULL, inside boolean NOT NULL,
    fences text NOT NULL, PRIMARY KEY (object, time, position)
  );
  CREATE TABLE seal_change (
    object text, time bigint, position bigint, state text NOT NULL, container text,
    PRIMARY KEY (object, time, position)
  );
  CREATE TABLE scan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, box text NOT NULL, scan text NOT NULL,
    site text NOT NULL, started bigint, scanner text, subject text, outcome text,
    facts text, completed text, completed_sequence bigint, verdict text, verdict_sequence bigint,
    thumbnail bytea, thumbnail_type text, evicted boolean NOT NULL DEFAULT false,
    copy text NOT NULL DEFAULT 'none', UNIQUE (box, scan)
  );
  CREATE INDEX scan_started ON scan (started, id);
  CREATE INDEX scan_subject ON scan (subject, started) WHERE subject IS NOT NULL;
  CREATE INDEX scan_outcome ON scan (outcome, started) WHERE outcome IS NOT NULL;
  CREATE INDEX scan_copy ON scan (copy, id) WHERE copy <> 'none';
  CREATE TABLE scan_event (
    scan bigint, sequence bigint, type text NOT NULL, time text NOT NULL, PRIMARY KEY (scan, sequence)
  );
  CREATE TABLE box (
    box text PRIMARY KEY, name text NOT NULL, site text NOT NULL, signing_key text NOT NULL,
    fingerprint text NOT NULL, enrolled bigint NOT NULL, revoked bigint
  );
  CREATE TABLE box_status (box text, heard bigint, json text NOT NULL, PRIMARY KEY (box, heard));
  CREATE TABLE box_link (box text, since bigint, state text NOT NULL, PRIMARY KEY (box, since));
  CREATE TABLE person (name text PRIMARY KEY, password text, roles text NOT NULL, sites text);
  CREATE TABLE session (id text PRIMARY KEY, expires bigint NOT NULL, json text NOT NULL);
  CREATE TABLE token (id text PRIMARY KEY, purpose text NOT NULL, expires bigint NOT NULL, content text NOT NULL);
  CREATE TABLE audit (n bigint PRIMARY KEY, json text NOT NULL);
  CREATE TABLE audit_last (n bigint NOT NULL);
  INSERT INTO audit_last VALUES (0);
  CREATE TABLE release (
    box text, version integer, json text NOT NULL, state text NOT NULL, detail text, PRIMARY KEY (box, version)
  );
  CREATE TABLE document (name text PRIMARY KEY, json text NOT NULL);
  `,
  `
  CREATE TABLE fence_set (
    name text PRIMARY KEY, kind text NOT NULL, title text NOT NULL, site text,
    version bigint NOT NULL, features bigint NOT NULL
  );
  CREATE TABLE fence_set_version (
    name text, version bigint, time bigint NOT NULL, actor text NOT NULL, note text,
    added bigint NOT NULL, changed bigint NOT NULL, removed bigint NOT NULL, PRIMARY KEY (name, version)
  );
  CREATE TABLE fence_set_feature (name text, id text, version bigint, json text, PRIMARY KEY (name, id, version));
  CREATE TABLE visit (cell bigint, stretch bigint, object text, PRIMARY KEY (cell, stretch, object));
  INSERT INTO visit SELECT DISTINCT
    floor((lat + 90) * 256)::bigint * 131072 + floor((lon + 180) * 256)::bigint, time / 300000, object FROM fix;
  CREATE INDEX fence_change_fence ON fence_change (fence, time);
  `,
  `
  CREATE TABLE flow_place (
    flow text, part integer, count bigint NOT NULL, position bigint NOT NULL, clock bigint NOT NULL,
    PRIMARY KEY (flow, part)
  );
  CREATE TABLE flow_state (
    flow text, part integer, node text, space text, key text, version integer NOT NULL, value text NOT NULL,
    PRIMARY KEY (flow, part, node, space, key)
  );
  `,
  // The alarms among much telemetry of the same type; by type alone the three priorities are put together.
  `
  DROP INDEX event_type;
  DROP INDEX event_box_type;
  CREATE INDEX event_type ON event (type, priority, time, position);
  CREATE INDEX event_box_type ON event (box, type, priority, time, position);
  `,
  // What was told of one object among all its positions: without telemetry, so that it costs those nothing.
  'CREATE INDEX event_told ON event (subject, type, time, position) WHERE subject IS NOT NULL AND priority < 2',
];
