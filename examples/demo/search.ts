import type { Database } from './database.ts'

export interface Product {
  id: number
  sku: string
  name: string
  description: string
  cents: number
}

export interface Match {
  product: Product
  /** How far the query is from the product's words, 0 for the same words. */
  distance: number
}

/** Finds products in spite of typing errors: compares the query with every word of every product. */
export async function searchProducts(
  database: Database,
  query: string,
  limit: number
): Promise<Match[]> {
  const products = await database.query<Product>(`SELECT * FROM products`)
  return rankProducts(products, query).slice(0, limit)
}

function rankProducts(products: Product[], query: string): Match[] {
  const wanted = wordsOf(query)
  return products
    .map((product) => ({ product, distance: distanceTo(product, wanted) }))
    .sort((a, b) => a.distance - b.distance)
}

function distanceTo(product: Product, wanted: string[]): number {
  const words = wordsOf(`${product.name} ${product.description}`)
  let total = 0
  for (const word of wanted) {
    total += Math.min(...words.map((other) => editDistance(word, other)))
  }
  return total
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{Letter}+/gu) ?? []
}

/** The Levenshtein distance: how many letters to insert, remove or replace. */
function editDistance(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, row) => [row])
  for (let column = 1; column <= b.length; column++) {
    table[0]![column] = column
  }
  for (let row = 1; row <= a.length; row++) {
    for (let column = 1; column <= b.length; column++) {
      const replace = table[row - 1]![column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      const remove = table[row - 1]![column]! + 1
      const insert = table[row]![column - 1]! + 1
      table[row]![column] = Math.min(replace, remove, insert)
    }
  }
  return table[a.length]![b.length]!
}
