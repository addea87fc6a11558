// `npm run contract`: holds schema/schema.graphql, what the code says, against schema/contract.graphql, what clients were promised.
// Nothing of the contract may be missing or other than promised, but for what schema/promised.json names, with its reason, as still to
// come. What breaks clients passes only where CHANGELOG.md names its coordinate under "Breaking", in the version that is being made.
// `--accept` writes what was added, and breaks that are recorded, into the contract; `--root` names another folder than the project's.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildASTSchema, buildSchema, DEFAULT_DEPRECATION_REASON, isEnumType, isIntrospectionType, isSpecifiedScalarType, Kind, lexicographicSortSchema, parse, printSchema } from 'graphql'

const { accept, root } = parseArgs({ options: { accept: { type: 'boolean', default: false }, root: { type: 'string', default: path.join(import.meta.dirname, '..') } } }).values
const read = (name) => readFile(path.join(root, name), 'utf8')
const [emitted, contract, promisedText, changelog] = await Promise.all([read('schema/schema.graphql'), read('schema/contract.graphql'), read('schema/promised.json'), read('CHANGELOG.md')])

const ours = buildSchema(emitted)
const theirs = buildSchema(contract)
const promises = JSON.parse(promisedText)
const promised = new Set(promises.flatMap(({ coordinates }) => coordinates))
const recorded = new Set(recordedBreaks(changelog))

const breaks = (await diff(theirs, ours))
  .filter(breaksClients)
  .map((change) => ({ at: coordinateOf(change), message: change.message }))
  .filter(({ at }) => !promised.has(at) && !recorded.has(at))
const problems = [
  ...breaks.map(({ at, message }) => `${at}: ${message}. Is it still to come, name it in schema/promised.json; is it meant, name it in CHANGELOG.md under "Breaking".`),
  ...[...promised].filter((at) => find(ours, at) !== undefined).map((at) => `${at}: it is there now. Strike it out of schema/promised.json.`),
  ...[...promised].filter((at) => find(theirs, at) === undefined).map((at) => `${at}: schema/promised.json names it, and schema/contract.graphql does not have it.`),
  ...members(ours).filter(({ member }) => !member.description?.trim()).map(({ at }) => `${at}: it has no description.`),
  ...members(ours).filter(({ member }) => member.deprecationReason === DEFAULT_DEPRECATION_REASON).map(({ at }) => `${at}: it is deprecated without a word on what stands in its place.`),
]

const next = `# What clients were promised: \`npm run contract\` holds the code to it, \`npm run generate\` adds what was added.\n\n${merged()}\n`
if (problems.length > 0) fail(problems)
else if (accept) await writeFile(path.join(root, 'schema/contract.graphql'), next)
else if (next !== contract) fail(['schema/contract.graphql lacks what was added, described anew or recorded as a break since: npm run contract -- --accept'])

if (process.exitCode === undefined) {
  console.log(`${members(ours).length} members of the contract are there; what clients were promised, and is still to come:`)
  for (const { reason, coordinates } of promises) console.log(`  ${coordinates.length}: ${reason}`)
}

function fail(lines) {
  for (const line of lines) console.error(line)
  process.exitCode = 1
}

/** The code's own contract, and what is promised beyond it. */
function merged() {
  const code = parse(emitted)
  const beyond = parse(contract).definitions.flatMap((type) => {
    if (promised.has(type.name.value)) return [type]
    const own = code.definitions.find((one) => one.name.value === type.name.value)
    if (own === undefined) return []
    for (const list of ['fields', 'values']) own[list] = withPromised(own[list], type[list], type.name.value)
    return []
  })
  const document = { kind: Kind.DOCUMENT, definitions: [...code.definitions, ...beyond] }
  // A gap beside one that nobody listed may leave a name without its type: that gap is told then, and nothing is written.
  return printSchema(lexicographicSortSchema(buildASTSchema(document, { assumeValid: true, assumeValidSDL: true })))
}

function withPromised(own, theirs, typeName) {
  const here = (own ?? []).map((field) => {
    const other = theirs?.find((one) => one.name.value === field.name.value)
    const missing = other?.arguments?.filter((arg) => promised.has(`${typeName}.${field.name.value}(${arg.name.value}:)`)) ?? []
    return missing.length === 0 ? field : { ...field, arguments: [...field.arguments, ...missing] }
  })
  return [...here, ...(theirs ?? []).filter((one) => promised.has(`${typeName}.${one.name.value}`) && !here.some((field) => field.name.value === one.name.value))]
}

// A default that changes means another thing to those who left it out. A value added to an enum does not count: clients are told to expect it.
function breaksClients({ type, criticality }) {
  return criticality.level === CriticalityLevel.Breaking || type === 'FIELD_ARGUMENT_DEFAULT_CHANGED' || type === 'INPUT_FIELD_DEFAULT_VALUE_CHANGED'
}

/** As https://spec.graphql.org/draft/#sec-Schema-Coordinates has it: `Query.orders(first:)`. */
function coordinateOf({ type, path: at }) {
  const [typeName, field, argument] = at.split('.')
  return type.startsWith('FIELD_ARGUMENT_') && argument !== undefined ? `${typeName}.${field}(${argument}:)` : at
}

function find(schema, at) {
  return members(schema).find((one) => one.at === at)
}

/** Every type, field, argument, value and input field of a schema's own, with its coordinate. */
function members(schema) {
  return Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type)).flatMap((type) => [
    { at: type.name, member: type },
    ...(isEnumType(type) ? type.getValues() : Object.values(type.getFields?.() ?? {})).flatMap((member) => [
      { at: `${type.name}.${member.name}`, member },
      ...(member.args ?? []).map((argument) => ({ at: `${type.name}.${member.name}(${argument.name}:)`, member: argument })),
    ]),
  ])
}

/** The coordinates in backquotes of the lines under "Breaking", of the first version of the changelog: an older record excuses no new break. */
function recordedBreaks(text) {
  const version = text.split(/^## /m)[1] ?? ''
  const breaking = version.split(/^### /m).find((part) => /^Breaking\b/.test(part)) ?? ''
  return [...breaking.matchAll(/`([^`]+)`/g)].map(([, coordinate]) => coordinate)
}
