/** Puts back what was there before; when it was changed again meanwhile, the change is left alone. */
export type Restore = () => void

/**
 * Replaces a property until it is restored, exactly as it was.
 *
 * @param make Gets the descriptor that is there and gives its replacement.
 * @returns undefined when there is no such property of its own, or it cannot be replaced.
 */
export function patchProperty(
  target: object,
  key: PropertyKey,
  make: (original: PropertyDescriptor) => PropertyDescriptor
): Restore | undefined {
  const original = Object.getOwnPropertyDescriptor(target, key)
  // A property of `Bun` can be given another value, though nothing else.
  if (!original?.configurable && !original?.writable) {
    return undefined
  }
  const replacement = make(original)
  Object.defineProperty(target, key, replacement)
  return () => {
    const now = Object.getOwnPropertyDescriptor(target, key)
    if (now && now.get === replacement.get && now.value === replacement.value) {
      Object.defineProperty(target, key, original)
    }
  }
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/**
 * Replaces a method until it is restored. The wrapper takes over the name, length and other properties of the
 * original (`setTimeout` has a promisified form among them).
 *
 * @returns undefined when there is no such function of its own.
 */
export function patchMethod(
  target: object,
  key: PropertyKey,
  wrap: (original: AnyFunction) => AnyFunction
): Restore | undefined {
  const original = Object.getOwnPropertyDescriptor(target, key)
  const method: unknown = original?.get ? original.get.call(target) : original?.value
  if (typeof method !== 'function') {
    return undefined
  }
  const wrapper = wrap(method as AnyFunction)
  copyProperties(method, wrapper)
  return patchProperty(target, key, (property) =>
    property.get
      ? { ...property, get: wrappedGetter(property.get.bind(target), method, wrapper) }
      : { ...property, value: wrapper }
  )
}

/** Deno's timers are accessors. What the application sets meanwhile is handed out as it is. */
function wrappedGetter(get: () => unknown, method: unknown, wrapper: AnyFunction): () => unknown {
  return () => {
    const value = get()
    return value === method ? wrapper : value
  }
}

/** What has the property itself: the object, or one of its prototypes. */
export function holderOf(object: object, key: PropertyKey): object | undefined {
  let holder: object | null = object
  while (holder && !Object.hasOwn(holder, key)) {
    holder = Object.getPrototypeOf(holder) as object | null
  }
  return holder ?? undefined
}

function copyProperties(from: object, to: object): void {
  Object.setPrototypeOf(to, Object.getPrototypeOf(from) as object)
  for (const key of Reflect.ownKeys(from)) {
    if (Object.getOwnPropertyDescriptor(to, key)?.configurable !== false) {
      Object.defineProperty(to, key, Object.getOwnPropertyDescriptor(from, key)!)
    }
  }
}
