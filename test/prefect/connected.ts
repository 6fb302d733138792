// Connecting servers by the API, and what it says of them.
import type { Client } from '../kit/client.ts'
import { eventually } from './followed.ts'

export const secret = 'a secret of at least thirty-two characters'
export const cloudKey = 'pnu_0123456789abcdef'

export interface Connection {
  id: string
  name: string
  apiUrl: string
  origin: string
  state: string
  error: string | null
  lastEventAt: string | null
  lastSyncAt: string | null
  lag: string | null
  version: number
}

const fields = 'id name apiUrl origin state error lastEventAt lastSyncAt lag version createdAt'

export const listed = async (client: Client) => (await client.run<{ connections: Connection[] }>(`{ connections { ${fields} } }`)).connections
export const one = async (client: Client, id: string) => (await listed(client)).find((connection) => connection.id === id) as Connection

function mutate(name: string, type: string) {
  return async (client: Client, input: Record<string, unknown>) => {
    const { data, errors } = await client.ask<Record<string, { __typename: string; message?: string; connection: Connection }>, { input: unknown }>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on PrefectServerPayload { connection { ${fields} } } ... on Error { message } } }`,
      { input }
    )
    return { answer: data?.[name], error: errors?.[0]?.message }
  }
}

export function connectionOf(answer: { connection: Connection } | undefined): Connection {
  if (!answer) throw new Error('Nothing was answered')
  return answer.connection
}

export const connect = mutate('connectPrefectServer', 'ConnectPrefectServerInput')
export const update = mutate('updatePrefectServer', 'UpdatePrefectServerInput')
export const disconnect = (client: Client, id: string) =>
  client.run<{ disconnectPrefectServer: { __typename: string; message?: string } }>(
    'mutation ($id: ID!) { disconnectPrefectServer(id: $id) { __typename ... on Error { message } } }',
    { id }
  )

/** Connects a server, waits until it stands as it should, and disconnects it. */
export async function standing(client: Client, input: Record<string, unknown>, state: string): Promise<Connection> {
  const { answer } = await connect(client, { name: 'Prefect', ...input })
  const { id } = connectionOf(answer)
  const seen = await eventually(
    () => one(client, id),
    (connection) => connection.state === state
  )
  await disconnect(client, id)
  return seen
}
