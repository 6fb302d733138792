import { expect, it } from 'vitest'
import { Unavailable } from '../../src/errors.ts'
import { Admission } from '../../src/event/admission.ts'

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return { promise, resolve, reject, begun: false }
}

it('lets a few in at once, the others one after the other, and sends away who is too many', async () => {
  const admission = new Admission()
  const works = Array.from({ length: 36 }, work)
  const admitted = works.map((each) =>
    admission.admit(() => {
      each.begun = true
      return each.promise
    })
  )
  await expect(admission.admit(async () => 'never')).rejects.toBeInstanceOf(Unavailable)
  const begun = () => works.filter((each) => each.begun).length
  expect(begun()).toBe(4)
  works[0]?.resolve('done')
  expect(await admitted[0]).toBe('done')
  expect(begun()).toBe(5)
  for (const each of works) each.resolve('done')
  expect(await Promise.all(admitted)).toHaveLength(36)
  expect(await admission.admit(async () => 'free again')).toBe('free again')
})

it('gives the place of work that fails to the next', async () => {
  const admission = new Admission()
  const works = Array.from({ length: 5 }, work)
  const admitted = works.map((each) => admission.admit(() => each.promise))
  for (const each of works.slice(0, 4)) each.reject(new Error('no'))
  works[4]?.resolve('yes')
  expect((await Promise.allSettled(admitted)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled'])
})
