import type { AnyNode, Place } from './syntax.ts'
import { isFunction, isNode } from './syntax.ts'

/** The fields and static blocks of a class, which engines run as functions without a head: one for those that are static. */
export interface Initializer {
  isStatic: boolean
  /** The fields and blocks, in order. */
  members: readonly AnyNode[]
  start: Place
  end: Place
}

/** What a class runs to make its fields, as far as that is more than literals and functions. */
export function initializersOf({ body }: AnyNode): Initializer[] {
  const members = (body as AnyNode[]).filter(isInitialized)
  return [true, false].flatMap((isStatic) => {
    const own = members.filter((member) => isStatic === isStaticMember(member))
    const [first, last] = [own[0], own.at(-1)]
    return first && last && own.some(computes)
      ? [{ isStatic, members: own, start: first.loc.start, end: last.loc.end }]
      : []
  })
}

function isInitialized({ type, declare }: AnyNode): boolean {
  return type === 'StaticBlock' || (/^Class(Private|Accessor)?Property$/.test(type) && !declare)
}

function isStaticMember({ type, static: isStatic }: AnyNode): boolean {
  return type === 'StaticBlock' || isStatic === true
}

function computes({ type, value }: AnyNode): boolean {
  return (
    type === 'StaticBlock' ||
    (isNode(value) && !isFunction(value) && !value.type.endsWith('Literal'))
  )
}
