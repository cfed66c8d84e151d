// The OpenAPI document: generated from the schemas that validate, then its named shapes are given a place of their own.
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

const TAGS = ['auth', 'users', 'api-keys', 'databases', 'grants', 'audit', 'status']

export async function documentRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ArticDBM manager',
        version: app.productVersion,
        description: 'One door to all of a company’s databases.',
        license: { name: 'Limited AGPL-3.0' },
      },
      tags: TAGS.map((name) => ({ name })),
      security: [{ login: [] }, { bearer: [] }],
      components: {
        securitySchemes: {
          login: { type: 'apiKey', in: 'cookie', name: 'articdbm_login' },
          bearer: { type: 'http', scheme: 'bearer', description: 'An access token or an API key' },
        },
      },
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    transformSpecification: (document) => nameShapes(document),
    transformSpecificationClone: true,
  })
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

export function openApiDocument(app: FastifyInstance): JsonObject {
  return nameShapes(app.swagger())
}

/** Schemas with a title move to components/schemas; unions of literals become enums. */
function nameShapes(document: object): JsonObject {
  const schemas = new Map<string, Json>()
  const plain: Json = JSON.parse(JSON.stringify(document))
  if (!isObject(plain)) throw new Error('the document is not an object')
  const { info, ...rest } = plain
  const walked = named(rest, schemas)
  if (!isObject(walked)) throw new Error('the document is not an object')
  const components = isObject(walked.components) ? walked.components : {}
  const sorted = Object.fromEntries([...schemas].sort(([a], [b]) => a.localeCompare(b)))
  return { info: info ?? null, ...walked, components: { ...components, schemas: sorted } }
}

function named(value: Json, schemas: Map<string, Json>): Json {
  if (Array.isArray(value)) return value.map((item) => named(item, schemas))
  if (!isObject(value)) return value
  const literals = literalsOf(value)
  if (literals) return literals
  const walked = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, named(inner, schemas)]),
  )
  const title = value.title
  const isShape = typeof title === 'string' && (value.type === 'object' || 'anyOf' in value)
  return isShape ? reference(title, walked, schemas) : walked
}

function reference(title: string, shape: JsonObject, schemas: Map<string, Json>): JsonObject {
  const known = schemas.get(title)
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(shape)) {
    throw new Error(`two shapes are called ${title}`)
  }
  schemas.set(title, shape)
  return { $ref: `#/components/schemas/${title}` }
}

function literalsOf(value: JsonObject): JsonObject | undefined {
  const branches = value.anyOf
  if (!Array.isArray(branches) || branches.length === 0) return undefined
  const literals = branches.map((branch: Json) => literalOf(branch))
  if (literals.some((literal) => literal === undefined)) return undefined
  const { anyOf: _, ...rest } = value
  return { ...rest, type: 'string', enum: literals as readonly string[] }
}

function literalOf(branch: Json): string | undefined {
  if (!isObject(branch)) return undefined
  const options = branch.enum
  const literal = Array.isArray(options) && options.length === 1 ? options[0] : branch.const
  return typeof literal === 'string' ? literal : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
