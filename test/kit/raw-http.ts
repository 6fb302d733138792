import { connect } from 'node:net'

/** Sends bytes as they are and returns all that comes back until the server hangs up: as the bytes ask it to, or because we do. */
export function sendRaw(url: string, bytes: string | Buffer, hangUp = false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => (hangUp ? socket.end(bytes) : socket.write(bytes)))
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answer))
  })
}
