-- Every node hears when it has to look anew which servers are followed: their version moves exactly when how they are
-- followed does. How a connection stands is written all the time, and concerns nobody here.
CREATE FUNCTION tell_connection_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NOTIFY mayday_connection;
  RETURN NULL;
END
$$;

CREATE TRIGGER prefect_server_told AFTER INSERT OR DELETE ON "prefect_server" FOR EACH ROW EXECUTE FUNCTION tell_connection_moved();
CREATE TRIGGER prefect_server_version_told AFTER UPDATE OF "version" ON "prefect_server" FOR EACH ROW
  WHEN (OLD.version IS DISTINCT FROM NEW.version)
  EXECUTE FUNCTION tell_connection_moved();
