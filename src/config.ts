// The only reader of the environment: every option, its default and its check. The README's table is held to this list by a test.
import { z } from 'zod'
import { exitCode, StartupError } from './errors.ts'
import { httpAddress } from './input.ts'

const count = (fallback: number, least: number, most: number) => z.coerce.number().int().min(least).max(most).default(fallback)
const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true')
const role = z.enum(['VIEWER', 'RESPONDER', 'ADMIN'])

const options = z.object({
  HOST: z.string().min(1).default('localhost').describe('Address to listen on; `0.0.0.0` for all of them.'),
  PORT: count(4000, 0, 65535).describe('Port to listen on; 0 takes a free one.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional()
    .describe('A PostgreSQL server (14 or newer). Without it Mayday runs on its embedded database.'),
  MAYDAY_DATA: z.string().min(1).default('./data').describe('Folder of the embedded database.'),
  MAYDAY_POOL_SIZE: count(10, 2, 200).describe('Connections to the PostgreSQL server for statements, at most. One more listens.'),
  MAYDAY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('How much is logged.'),
  MAYDAY_ADMIN_KEY: z
    .string()
    .regex(/^mayday_[A-Za-z0-9_-]{32,100}$/, 'must be mayday_ followed by 32 to 100 letters, digits, _ or -')
    .optional()
    .describe('The admin key of the first workspace, instead of one that is made up and printed. Used on the very first start only.'),
  MAYDAY_JWT_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the public keys of your identity provider are. Switches bearer JWTs on.'),
  MAYDAY_JWT_ISSUER: z.string().min(1).optional().describe('The `iss` that a JWT must have. Required with the JWKS address.'),
  MAYDAY_JWT_AUDIENCE: z.string().min(1).optional().describe('The `aud` that a JWT must have. Required with the JWKS address.'),
  MAYDAY_JWT_MEMBER_CLAIM: z.string().min(1).default('sub').describe("The claim that names the member (the member's `subject`)."),
  MAYDAY_JWT_PROVISION_WORKSPACE: z
    .uuid('must be the id of a workspace')
    .optional()
    .describe('Just-in-time membership: the id of the workspace that an unknown person with a valid JWT joins. Off when empty.'),
  MAYDAY_JWT_PROVISION_ROLE: role.default('VIEWER').describe('The role of a member who joins just in time.'),
  MAYDAY_INTROSPECTION: flag(true).describe('Whether the schema can be asked for.'),
  MAYDAY_GRAPHIQL: flag(true).describe('Whether GraphiQL is served at `/graphql`.'),
  MAYDAY_MAX_BODY_BYTES: count(1_000_000, 1_000, 100_000_000).describe('The largest request body or websocket message, in bytes.'),
  MAYDAY_MAX_TOKENS: count(2_000, 100, 100_000).describe('The most tokens in one document.'),
  MAYDAY_MAX_DEPTH: count(12, 3, 100).describe('The deepest selection in one operation.'),
  MAYDAY_MAX_ALIASES: count(30, 0, 1_000).describe('The most aliases in one operation.'),
  MAYDAY_MAX_COST: count(20_000, 100, 1_000_000_000).describe('The highest cost of one operation: each field costs 1, times the page sizes above it.'),
  MAYDAY_MAX_SUBSCRIPTIONS: count(100, 1, 10_000).describe('The most operations that run at once on one websocket.'),
  MAYDAY_CACHE_BYTES: count(67_108_864, 0, 100_000_000_000).describe(
    'How much memory answers may take that are kept until what they show changes, in bytes; 0 keeps none.'
  ),
  MAYDAY_HEARTBEAT_MS: count(2_000, 100, 4_000).describe('How often a node looks for changes that no notification told it of, in milliseconds.'),
  MAYDAY_RESUME_LIMIT: count(1_000, 1, 100_000).describe(
    'A subscriber further behind than this many changes gets a fresh snapshot (`reset`) instead of what it missed.'
  ),
  MAYDAY_BACKGROUND: flag(true).describe(
    'Whether this node takes part in what one node does for all: keeping the figures of impact, following Prefect, deleting what is old. Of several nodes some may only answer; one at least must not.'
  ),
  MAYDAY_EVENT_RETENTION_DAYS: count(30, 0, 3_650).describe('How many days an event is kept after it came in; 0 keeps it for ever.'),
  MAYDAY_RUN_RETENTION_DAYS: count(90, 0, 3_650).describe('How many days a run is kept after it was over; 0 keeps it for ever.'),
  MAYDAY_GATE_FAIL: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('What the gate answers when it cannot know: `open` lets everything run, `closed` holds it.'),
  MAYDAY_SLOW_SOCKET_BYTES: count(262_144, 1_024, 100_000_000).describe('Unsent bytes on a websocket above which it gets nothing more until it has read them.'),
  MAYDAY_PREFECT_API_URL: httpAddress
    .optional()
    .describe('A Prefect server that the first workspace follows: its PREFECT_API_URL, such as `http://localhost:4200/api`. Others are connected by the API.'),
  MAYDAY_PREFECT_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{1,2000}$/, 'must be printable ASCII without spaces')
    .optional()
    .describe('The API key of that server, or `user:password` where it has PREFECT_SERVER_API_AUTH_STRING.'),
  MAYDAY_HORIZON_HOURS: count(24, 1, 720).describe(
    'How far ahead the upcoming runs of Prefect servers are read and foreseen, in hours; the `horizon` of an impact reaches no further for these.'
  ),
  MAYDAY_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('What the API keys of connections are encrypted under: at least 32 characters, the same on every node. Without it the API takes no such keys.')
})

export type Config = Readonly<z.infer<typeof options>>

/** Name, default and meaning of every option, for the README and its test. */
export const configOptions = Object.entries(options.shape).map(([name, option]) => {
  const parsed = option.safeParse(undefined)
  return { name, fallback: parsed.success && parsed.data !== undefined ? String(parsed.data) : '', description: option.description ?? '' }
})

/** Reads and checks the options; the first start-up error names every wrong one. An empty variable counts as not set. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const unknown = Object.keys(given).filter((name) => name.startsWith('MAYDAY_') && !(name in options.shape))
  const result = options.safeParse(given)
  const problems = [
    ...unknown.map((name) => `${name} is no option of Mayday`),
    ...(result.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  ]
  if (result.data?.MAYDAY_JWT_JWKS_URL && !(result.data.MAYDAY_JWT_ISSUER && result.data.MAYDAY_JWT_AUDIENCE)) {
    problems.push('MAYDAY_JWT_JWKS_URL needs MAYDAY_JWT_ISSUER and MAYDAY_JWT_AUDIENCE beside it')
  }
  if (result.data?.MAYDAY_PREFECT_API_KEY && !result.data.MAYDAY_PREFECT_API_URL) problems.push('MAYDAY_PREFECT_API_KEY needs MAYDAY_PREFECT_API_URL beside it')
  if (problems.length > 0 || !result.data) throw new StartupError(`Bad configuration: ${problems.join('; ')}`, exitCode.config)
  return Object.freeze(result.data)
}
