// Who waits for whom, and who goes together.
import { expect, it } from 'vitest'
import { KeyedQueue, type Work } from '../../src/change/queue.ts'
import { Unavailable } from '../../src/errors.ts'

/** Work that notes who went with whom, and holds its first piece until it is told to go on. */
function noted<Answer>(answer: (item: string) => Answer) {
  const gate = Promise.withResolvers<void>()
  const went: string[] = []
  const work = (name: string): Work<string, Answer> => {
    return async (items) => {
      went.push(`${name}: ${items.join(' ')}`)
      await gate.promise
      return items.map(answer)
    }
  }
  return { work, went, goOn: gate.resolve }
}

it('lets those that stand one behind the other with the same work go together, and nobody overtake', async () => {
  const queue = new KeyedQueue()
  const { work, went, goOn } = noted((item) => item.toUpperCase())
  const [say, move] = [work('say'), work('move')]
  const alone = (item: string) => queue.run('w', async () => (await work('alone')([item]))[0])
  const answers = Promise.all([
    queue.runTogether('w', say, 'a'),
    queue.runTogether('w', say, 'b'),
    queue.runTogether('w', say, 'c'),
    alone('d'),
    alone('e'),
    queue.runTogether('w', say, 'f'),
    queue.runTogether('w', move, 'g'),
    queue.runTogether('w', say, 'h'),
    queue.runTogether('other', say, 'i')
  ])
  goOn()
  expect(await answers).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'])
  expect(went.filter((each) => each !== 'say: i')).toEqual(['say: a b c', 'alone: d', 'alone: e', 'say: f', 'move: g', 'say: h'])
  expect(went).toContain('say: i')
})

it('lets 64 go together at most, and starts anew when it has been empty', async () => {
  const queue = new KeyedQueue()
  const sizes: number[] = []
  const work: Work<number, number> = async (items) => {
    sizes.push(items.length)
    return items
  }
  const numbers = Array.from({ length: 150 }, (_, index) => index)
  for (const _ of [1, 2]) expect(await Promise.all(numbers.map((number) => queue.runTogether('w', work, number)))).toEqual(numbers)
  expect(sizes).toEqual([64, 64, 22, 64, 64, 22])
})

it('tries each alone when they fail together, so that nobody fails for another', async () => {
  const queue = new KeyedQueue()
  const sizes: number[] = []
  const work: Work<number, number> = async (items) => {
    sizes.push(items.length)
    if (items.includes(3)) throw new Error('No threes')
    return items
  }
  const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((number) => queue.runTogether('w', work, number)))
  expect(settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))).toEqual([1, 2, 'No threes', 4, 5])
  expect(sizes).toEqual([5, 1, 1, 1, 1, 1])
})

it('tries nothing again when the database is away, and serves whoever comes next', async () => {
  const queue = new KeyedQueue()
  let tries = 0
  const away: Work<number, number> = async () => {
    tries++
    throw new Unavailable('Away')
  }
  const settled = await Promise.allSettled([1, 2, 3].map((number) => queue.runTogether('w', away, number)))
  expect(settled.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(tries).toBe(1)
  expect(await queue.run('w', async () => 'here')).toBe('here')
})

it('lets only so many wait, in each line for itself', async () => {
  const queue = new KeyedQueue(3)
  const { work, goOn } = noted((item) => item)
  const say = work('say')
  const waiting = ['a', 'b', 'c'].map((item) => queue.runTogether('w', say, item))
  expect(() => queue.runTogether('w', say, 'd')).toThrow(Unavailable)
  expect(() => queue.run('w', async () => 'e')).toThrow(Unavailable)
  const other = queue.runTogether('other', say, 'f')
  goOn()
  expect(await Promise.all([...waiting, other])).toEqual(['a', 'b', 'c', 'f'])
  expect(await queue.runTogether('w', say, 'g')).toBe('g')
})
