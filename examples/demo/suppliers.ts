/** Where the suppliers' service listens, and the key that it asks for. */
export interface Suppliers {
  url: string
  key: string
}

/** What a supplier asks for a product. */
export interface Quote {
  supplier: string
  sku: string
  cents: number
  inStock: number
}

const names = ['alpine', 'borealis', 'cascade', 'delta']

/** Asks one supplier for its price. */
export async function askPrice(suppliers: Suppliers, name: string, sku: string): Promise<Quote> {
  const response = await fetch(`${suppliers.url}/${name}/quotes/${sku}`, {
    headers: { authorization: `Bearer ${suppliers.key}` },
  })
  if (!response.ok) {
    throw new Error(`The supplier ${name} answered ${response.status} for ${sku}`)
  }
  return (await response.json()) as Quote
}

/** Asks one supplier after the other: each waits for the one before it. */
export async function askInTurn(suppliers: Suppliers, sku: string): Promise<Quote[]> {
  const quotes: Quote[] = []
  for (const name of names) {
    quotes.push(await askPrice(suppliers, name, sku))
  }
  return quotes
}

/** Asks all suppliers at once. */
export async function askTogether(suppliers: Suppliers, sku: string): Promise<Quote[]> {
  return await Promise.all(names.map((name) => askPrice(suppliers, name, sku)))
}
