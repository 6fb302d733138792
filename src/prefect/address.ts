// Where the parts of a Prefect server are, going by the address of its API.

export interface ServerAddress {
  /** Such as `http://localhost:4200/api`, without a slash at the end. */
  readonly apiUrl: string
  /** An API key of Prefect Cloud, or `user:password` of a self-hosted server (PREFECT_SERVER_API_AUTH_STRING). */
  readonly key: string | undefined
}

/** The same address is always written alike. */
export function trimmedUrl(url: string): string {
  return new URL(url).href.replace(/\/+$/, '')
}

export function authorizationOf({ key }: ServerAddress): string | undefined {
  if (!key) return undefined
  return key.includes(':') ? `Basic ${Buffer.from(key).toString('base64')}` : `Bearer ${key}`
}

export function eventSocketUrl({ apiUrl }: ServerAddress): string {
  return `${apiUrl.replace(/^http/, 'ws')}/events/out`
}

/** The address of Prefect's own pages: beside the API, and for Prefect Cloud on a host of their own. */
export function pagesUrl(apiUrl: string): string {
  const cloud = /^https:\/\/api\.prefect\.cloud\/api\/accounts\/([^/]+)\/workspaces\/([^/]+)$/.exec(apiUrl)
  if (cloud) return `https://app.prefect.cloud/account/${cloud[1]}/workspace/${cloud[2]}`
  return apiUrl.replace(/\/api$/, '')
}
