-- CreateTable
CREATE TABLE "incident_count" (
    "workspace_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "status" "incident_status" NOT NULL,
    "severity" "severity" NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "incident_count_pkey" PRIMARY KEY ("workspace_id","tag","status","severity")
);


-- The tags that an incident counts under: each of its own once, and the empty one.
CREATE FUNCTION counted_tags(tags text[]) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
  SELECT '' UNION SELECT unnest(tags)
$$;

-- By the statement, for those who write many at once.
CREATE FUNCTION count_new_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO incident_count AS c (workspace_id, tag, status, severity, count)
  SELECT i.workspace_id, tag, i.status, i.severity, count(*) FROM added i, counted_tags(i.tags) AS tag GROUP BY 1, 2, 3, 4
  ON CONFLICT (workspace_id, tag, status, severity) DO UPDATE SET count = c.count + excluded.count;
  RETURN NULL;
END
$$;

-- By the row, since only so can a trigger pass over the many updates that change nothing of this. A deleted row has no NEW.
-- What has come to 0 stays: the next incident that goes the same way only counts it up again.
CREATE FUNCTION count_changed_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO incident_count AS c (workspace_id, tag, status, severity, count)
  SELECT i.workspace_id, tag, i.status, i.severity, sum(i.difference)
  FROM (VALUES
      (OLD.workspace_id, OLD.status, OLD.severity, OLD.tags, -1),
      (NEW.workspace_id, NEW.status, NEW.severity, NEW.tags, 1)
    ) AS i (workspace_id, status, severity, tags, difference),
    counted_tags(i.tags) AS tag
  WHERE i.workspace_id IS NOT NULL
  GROUP BY 1, 2, 3, 4 HAVING sum(i.difference) <> 0
  ON CONFLICT (workspace_id, tag, status, severity) DO UPDATE SET count = c.count + excluded.count;
  RETURN NULL;
END
$$;

-- From the first of these on, nobody else writes incidents until the migration is done. So what is there is counted after them.
CREATE TRIGGER incident_added AFTER INSERT ON "incident"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_new_incidents();
CREATE TRIGGER incident_changed AFTER UPDATE OF "workspace_id", "status", "severity", "tags" ON "incident" FOR EACH ROW
  WHEN ((OLD.workspace_id, OLD.status, OLD.severity, OLD.tags) IS DISTINCT FROM (NEW.workspace_id, NEW.status, NEW.severity, NEW.tags))
  EXECUTE FUNCTION count_changed_incident();
CREATE TRIGGER incident_deleted AFTER DELETE ON "incident" FOR EACH ROW EXECUTE FUNCTION count_changed_incident();

INSERT INTO "incident_count" ("workspace_id", "tag", "status", "severity", "count")
SELECT i.workspace_id, tag, i.status, i.severity, count(*) FROM "incident" i, counted_tags(i.tags) AS tag GROUP BY 1, 2, 3, 4;
