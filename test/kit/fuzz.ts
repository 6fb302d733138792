// Requests that are nearly right: valid operations, spoilt at random. Each comes from a seed and its number alone, so
// that one that did harm can be made again.
import { random } from './load.ts'

export interface Operation {
  query: string
  variables: Record<string, unknown>
}

/** A source of random choices. */
export class Dice {
  readonly #next: () => number

  constructor(seed: number, index: number) {
    // Neighbouring seeds of the generator begin alike.
    this.#next = random((seed + index * 2_654_435_761) % 4_294_967_296)
    for (let warmUp = 0; warmUp < 5; warmUp++) this.#next()
  }

  below(limit: number): number {
    return Math.floor(this.#next() * limit)
  }

  chance(of: number): boolean {
    return this.#next() < of
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }

  /** Text of any UTF-16 units, halves of pairs and controls among them. */
  text(longest: number): string {
    const ranges = [0x20, 0x7f, 0x500, 0xd800, 0xe000, 0xffff]
    return Array.from({ length: this.below(longest) }, () => String.fromCharCode(this.below(this.one(ranges) + 1))).join('')
  }
}

const nest = (open: string, inner: string, close: string, levels: number) => `${open.repeat(levels)}${inner}${close.repeat(levels)}`

/** JSON texts that stand where something else was expected. */
function oddJson(dice: Dice): string {
  const odd: (() => string)[] = [
    () => dice.one(['null', 'true', '[]', '{}', '""', '0', '-0', '-1', '1.5', '[null]', '[[]]', '{"":{}}']),
    () => dice.one(['1e400', '-1e400', '9007199254740993', '2147483648', '-2147483649', `1${'0'.repeat(400)}`, '1e-400']),
    () => JSON.stringify(dice.text(40)),
    () => dice.one(['"\\ud800"', '"\\u0000"', '"\\udc00\\ud800"', '"__proto__"', '"constructor"', '"\\u202e"', `"'; DROP TABLE incident; --"`]),
    () => JSON.stringify('x'.repeat(dice.one([300, 5_000, 30_000]))),
    () => nest('[', '1', ']', dice.one([5, 25, 3_000])),
    () => nest('{"a":', '1', '}', dice.one([5, 25, 3_000])),
    () => `{"__proto__":${dice.one(['1', 'null', '{"query":"{x}"}'])},"constructor":{"prototype":{}}}`,
    () => `[${Array.from({ length: 150 }, () => '"a"').join(',')}]`,
    () => dice.one(['"9999-99-99T99:99:99Z"', '"+275760-09-13T00:00:00Z"', '"PT99999999999H"', '"P1Y"', '"SW5jaWRlbnQ6eA"', '"AAAA"'])
  ]
  return dice.one(odd)()
}

/** The variables as JSON, a leaf or two replaced. */
function spoilVariables(dice: Dice, variables: Record<string, unknown>): string {
  const text = JSON.stringify(variables)
  const leaves = [...text.matchAll(/(?<=[:[,])("(?:[^"\\]|\\.)*"|-?\d+|true|false|null)(?=[,\]}])/g)]
  if (leaves.length === 0) return oddJson(dice)
  const leaf = dice.one(leaves)
  return text.slice(0, leaf.index) + oddJson(dice) + text.slice(leaf.index + leaf[0].length)
}

/** A document with tokens lost, doubled, swapped or strange. */
function spoilDocument(dice: Dice, query: string): string {
  const tokens = query.split(/\s+|(?=[{}()[\]:!,$@|&=])|(?<=[{}()[\]:!,$@|&=])/).filter(Boolean)
  const at = dice.below(tokens.length)
  const odd: (() => unknown)[] = [
    () => tokens.splice(at, 1 + dice.below(3)),
    () => tokens.splice(at, 0, tokens[at] ?? ''),
    () => tokens.splice(at, 1, dice.one(tokens)),
    () => tokens.splice(at, 0, dice.text(10)),
    () =>
      tokens.splice(
        at,
        0,
        dice.one(['...', '@skip(if: true)', '@include(if: false)', '@defer', '"\\u0000"', '"\\ud800"', '"""', '1e999', '$x', '# ', '\uFEFF'])
      ),
    () => tokens.splice(at, 1, nest('{a', '', '}', dice.one([3, 50, 5_000]))),
    () => tokens.splice(at, 0, ...Array.from({ length: dice.one([40, 400, 4_000]) }, (_, index) => `a${index}: id`)),
    () => tokens.splice(at, 0, nest('[', '1', ']', dice.one([3, 50, 5_000]))),
    () =>
      tokens.splice(
        at,
        1,
        dice.one(['__schema', '__type', '__typename', 'node', 'fragment', 'on', 'null', 'true', 'subscription', 'mutation', '0', '-1', '99999999999'])
      )
  ]
  dice.one(odd)()
  return tokens.join(' ')
}

/** The body of a request: valid, or spoilt on one level or on several. */
export function fuzzBody(dice: Dice, operation: Operation): Buffer {
  const body = Buffer.from(fuzzParameters(dice, operation, 0.1))
  return dice.chance(0.15) ? spoilBytes(dice, body) : body
}

function fuzzParameters(dice: Dice, { query, variables }: Operation, extraChance: number): string {
  const document = dice.chance(0.5) ? spoilDocument(dice, query) : query
  const values = dice.chance(0.65) ? spoilVariables(dice, variables) : JSON.stringify(variables)
  const extra = dice.chance(extraChance) ? `,${dice.one(['"operationName"', '"extensions"', '"query"', '"id"', '"x"'])}:${oddJson(dice)}` : ''
  return `{"query":${JSON.stringify(document)},"variables":${values}${extra}}`
}

/** Bytes flipped, lost, put in or cut off. */
export function spoilBytes(dice: Dice, given: Buffer): Buffer {
  let bytes = Buffer.from(given)
  for (let times = 1 + dice.below(4); times > 0 && bytes.length > 0; times--) {
    const at = dice.below(bytes.length)
    const odd: (() => void)[] = [
      () => bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << dice.below(8)), at),
      () => bytes.writeUInt8(dice.below(256), at),
      () => {
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(8))])
      },
      () => {
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length: dice.below(8) }, () => dice.below(256))), bytes.subarray(at)])
      },
      () => {
        bytes = bytes.subarray(0, at)
      }
    ]
    dice.one(odd)()
  }
  return bytes
}

/** A message of the websocket protocol; about one in twenty breaks it, which ends the socket. */
export function fuzzMessage(dice: Dice, operations: readonly Operation[], number: number): Buffer {
  const strange = ['__proto__', 'constructor', 'x'.repeat(200), '🚒', '', dice.text(5)]
  const id = dice.chance(0.85) ? `o${number}` : dice.chance(0.5) ? `o${dice.below(number + 1)}` : dice.one(strange)
  const type = dice.one(['complete', 'ping', 'pong', 'connection_init', 'connection_ack', 'next', 'error', 'subscribe', 'start', '', 'toString'])
  const kinds: [number, () => string][] = [
    [0.68, () => `{"type":"subscribe","id":${JSON.stringify(id)},"payload":${fuzzParameters(dice, dice.one(operations), 0.02)}}`],
    [0.8, () => JSON.stringify({ type: 'complete', id: `o${dice.below(number + 1)}` })],
    [0.9, () => JSON.stringify({ type: dice.one(['ping', 'pong']), ...(dice.chance(0.5) ? { payload: { text: dice.text(10) } } : {}) })],
    [0.97, () => JSON.stringify({ type: 'complete', id: dice.one(strange.filter(Boolean)) })],
    [1, () => `{"type":${JSON.stringify(type)},"id":${dice.chance(0.3) ? oddJson(dice) : JSON.stringify(id)},"payload":${oddJson(dice)}}`]
  ]
  const roll = dice.below(1_000) / 1_000
  const message = Buffer.from((kinds.find(([upTo]) => roll < upTo) ?? kinds[0]!)[1]())
  return dice.chance(0.01) ? spoilBytes(dice, message) : message
}
