import { describe, expect, it } from 'vitest'
import {
  counted,
  cutEnd,
  cutStart,
  linesThatFit,
  milliseconds,
  percent,
  visible,
} from '../../src/render/text.ts'

describe('visible', () => {
  it.each([
    ['escape sequences', '\u001b[2Jgone', '\\x1b[2Jgone'],
    ['line ends', 'a\nb\r\u2028c', 'a\\x0ab\\x0d\\u2028c'],
    ['C1 controls, which some terminals obey', '\u009b31m', '\\x9b31m'],
    ['bidirectional overrides', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
    ['characters without width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['tags beyond the basic plane', 'a\u{e0041}', 'a\\u{e0041}'],
    ['lone surrogates', 'a\ud800', 'a\\ud800'],
  ])('shows %s', (_what, text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  it('leaves letters of all scripts as they are', () => {
    const text = 'größe 注文 заказ 🔥 a→b'
    expect(visible(text)).toBe(text)
  })
})

describe('cutEnd and cutStart', () => {
  it('keep what fits', () => {
    expect([cutEnd('abcde', 5, '…'), cutStart('abcde', 5, '...')]).toEqual(['abcde', 'abcde'])
  })

  it('cut to the length, ellipsis included', () => {
    expect([cutEnd('abcdef', 5, '…'), cutEnd('abcdef', 5, '...')]).toEqual(['abcd…', 'ab...'])
    expect([cutStart('abcdef', 5, '…'), cutStart('abcdef', 5, '...')]).toEqual(['…cdef', '...ef'])
  })

  it('do not cut through a character', () => {
    expect([cutEnd('🔥🔥🔥', 2, '…'), cutStart('🔥🔥🔥', 3, '…')]).toEqual(['🔥…', '🔥🔥🔥'])
  })
})

describe('linesThatFit', () => {
  it('counts line ends', () => {
    expect(linesThatFit(['ab', 'cd', 'ef'], 6, (text) => text.length)).toEqual(['ab', 'cd'])
    expect(linesThatFit(['ab', 'cd'], 5, (text) => text.length)).toEqual(['ab'])
    expect(linesThatFit(['ab'], -1, (text) => text.length)).toEqual([])
    expect(linesThatFit([], 5, (text) => text.length)).toEqual([])
  })
})

describe('figures', () => {
  it('show two decimals when the whole is short', () => {
    expect([milliseconds(1.234, 9.9), milliseconds(1.234, 10)]).toEqual(['1.23 ms', '1.2 ms'])
  })

  it('have no share of nothing', () => {
    expect([percent(1, 0), percent(1, 3), percent(1, 3, 1)]).toEqual(['0%', '33%', '33.3%'])
  })

  it('know the plural', () => {
    expect([counted(1, 'frame'), counted(0, 'frame'), counted(4936, 'level')]).toEqual([
      '1 frame',
      '0 frames',
      '4,936 levels',
    ])
  })
})
