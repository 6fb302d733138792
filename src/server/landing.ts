import type { Config } from '../config.ts'

/** What `GET /` shows: what this is, and where to go. */
export function landingPage(config: Config): string {
  const graphiql = config.MAYDAY_GRAPHIQL ? '<li><a href="/graphql">/graphql</a> in a browser: try queries and live subscriptions with your API key</li>' : ''
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mayday</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem; color: #1c2024; background: #fcfcfd }
  h1 { font-size: 2.2rem; margin: 0 } h1 span { color: #ce2c31 }
  code { background: #eff0f3; padding: .1em .35em; border-radius: .25em; font-size: .9em } a { color: #0b68cb } li { margin: .35rem 0 }
  @media (prefers-color-scheme: dark) { body { color: #edeef0; background: #111113 } code { background: #26282c } a { color: #70b8ff } }
</style>
<h1><span>●</span> Mayday</h1>
<p>Incident management for teams that run workflows. This is its GraphQL API.</p>
<ul>
  <li><a href="/wall">/wall</a> in a browser: the active incidents, live, for a screen that a team shares</li>
  ${graphiql}
  <li><code>POST /graphql</code> with <code>Authorization: Bearer &lt;API key or token&gt;</code></li>
  <li><code>ws://…/graphql</code> (graphql-transport-ws) or SSE for subscriptions</li>
  <li><a href="/health/live">/health/live</a> and <a href="/health/ready">/health/ready</a></li>
</ul>
<p>The admin key was printed when the server first started.</p>
</html>
`
}
