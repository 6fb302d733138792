import { describe, expect, it } from 'vitest'
import { Vault } from '../../src/access/vault.ts'

const vault = new Vault('a secret of at least thirty-two characters')

describe('a vault', () => {
  it('opens what it sealed, also after a restart with the same secret', () => {
    const sealed = vault.seal('pnu_käy', 'one')
    expect(vault.open(sealed, 'one')).toBe('pnu_käy')
    expect(new Vault('a secret of at least thirty-two characters').open(sealed, 'one')).toBe('pnu_käy')
  })

  it('seals the same text differently each time', () => {
    expect(vault.seal('key', 'one')).not.toEqual(vault.seal('key', 'one'))
  })

  it('opens nothing under another secret, for another owner, cut off, or altered in any byte', () => {
    const sealed = vault.seal('key', 'one')
    expect(new Vault('another secret of thirty-two characters').open(sealed, 'one')).toBeUndefined()
    expect(new Vault(undefined).open(sealed, 'one')).toBeUndefined()
    expect(vault.open(sealed, 'other')).toBeUndefined()
    expect(vault.open(sealed.subarray(0, 10), 'one')).toBeUndefined()
    expect(vault.open(new Uint8Array(), 'one')).toBeUndefined()
    sealed.forEach((byte, index) => {
      const altered = Uint8Array.from(sealed)
      altered[index] = byte ^ 1
      expect(vault.open(altered, 'one')).toBeUndefined()
    })
  })

  it('seals nothing without a secret', () => {
    expect(new Vault(undefined).isThere).toBe(false)
    expect(() => new Vault(undefined).seal('key', 'one')).toThrow('no secret')
  })
})
