// What stands beside a gateway (dashboard, alerts, containers) names what there is: metrics that it tells, variables that it reads, files that lie where they are mounted from.
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'
import { beforeAll, describe, expect, test } from 'vitest'
import { startGateway } from '../support/gateway.ts'

const root = path.join(import.meta.dirname, '../..')
const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8')

/** Of Prometheus itself and of node_exporter. */
const foreign = new Set(['up', 'node_filesystem_avail_bytes', 'node_filesystem_size_bytes'])
/** Told only where AMAZON_CLIENT_SECRET_EXPIRES is set. */
const conditional = new Set(['cartage_application_secret_days_left'])

interface Rule {
  alert: string
  expr: string
  for?: string
  labels: { severity: string }
  annotations: { summary: string }
}
interface Panel {
  title: string
  type: string
  targets?: { expr: string }[]
}

/** The metrics of a query, and whether it is one. */
function readQuery(query: string): { metrics: string[]; malformed: boolean } {
  const metrics: string[] = []
  let malformed = false
  parser.parse(query).iterate({
    enter(node) {
      if (node.type.isError) malformed = true
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') metrics.push(query.slice(node.from, node.to))
    },
  })
  return { metrics, malformed }
}

describe('dashboard and alerts', () => {
  const told = new Set<string>()
  let rules: Rule[] = []
  let panels: Panel[] = []
  beforeAll(async () => {
    const gateway = await startGateway()
    const text = await (await fetch(new URL('/metrics', gateway.url))).text()
    await gateway.stop()
    for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) told.add(`${name!}${suffix}`)
    rules = (parse(await read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)
    panels = (JSON.parse(await read('deploy/grafana/dashboards/cartage.json')) as { panels: Panel[] }).panels
  })

  test('ask for what a gateway tells, in queries that Prometheus reads', () => {
    const queries = [...rules.map(({ alert, expr }) => ({ of: alert, query: expr })), ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ of: title, query: expr.replaceAll('$__rate_interval', '5m') })))]
    expect(queries.length).toBeGreaterThan(80)
    for (const { of, query } of queries) {
      const { metrics, malformed } = readQuery(query)
      expect(malformed, `${of}: ${query}`).toBe(false)
      expect(metrics.length, of).toBeGreaterThan(0)
      expect(metrics.filter((name) => !told.has(name) && !foreign.has(name) && !conditional.has(name)), of).toEqual([])
    }
  })

  test('each alert is named once, weighed, and says what is the matter', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { alert, labels, annotations } of rules) {
      expect(alert).toMatch(/^Cartage[A-Z]\w+$/)
      expect(['page', 'ticket'], alert).toContain(labels.severity)
      expect(annotations.summary.length, alert).toBeGreaterThan(20)
    }
  })

  test('the reader of queries finds what is none', () => {
    expect(readQuery('sum by (kind (rate(cartage_x[5m]))').malformed).toBe(true)
    expect(readQuery('max(cartage_x{a="b"}) > 2 * cartage_y').metrics).toEqual(['cartage_x', 'cartage_y'])
  })

  test('what is provisioned is there', async () => {
    const { rule_files: files } = parse(await read('deploy/prometheus/prometheus.yml')) as { rule_files: string[] }
    for (const file of files) expect(existsSync(path.join(root, 'deploy/prometheus', file)), file).toBe(true)
    const folders = await readdir(path.join(root, 'deploy/grafana/provisioning'))
    expect(folders.sort()).toEqual(['dashboards', 'datasources'])
    const { datasources } = parse(await read('deploy/grafana/provisioning/datasources/cartage.yaml')) as { datasources: { uid: string; url: string }[] }
    expect(datasources.map(({ uid }) => uid)).toContain('prometheus')
  })

  test('the documentation has a line for each metric of ours', async () => {
    const page = await read('docs/observability.md')
    const ours = new Set([...told].filter((name) => name.startsWith('cartage_')).map((name) => name.replace(/_(bucket|sum|count)$/, '')))
    for (const name of ours) if (told.has(name) || told.has(`${name}_count`)) expect(page, name).toContain(`\`${name}`)
  })
})

interface Service {
  image?: string
  environment?: Record<string, string>
  volumes?: string[]
  depends_on?: Record<string, unknown>
  profiles?: string[]
}

describe('containers', () => {
  let services: Record<string, Service> = {}
  let named: Set<string> = new Set()
  beforeAll(async () => {
    const compose = parse(await read('compose.yaml'), { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> }
    services = compose.services
    named = new Set(Object.keys(compose.volumes))
  })

  test('the gateway is handed variables that it reads', async () => {
    const known = (await Promise.all(['env', 'telemetry', 'secret-files'].map((file) => read(`src/config/${file}.ts`)))).join('\n')
    const ours = Object.entries(services).filter(([, { image }]) => image?.startsWith('cartage:'))
    expect(ours.map(([name]) => name)).toEqual(expect.arrayContaining(['api', 'worker']))
    for (const [name, { environment = {} }] of ours) for (const variable of Object.keys(environment)) expect(known, `${name}: ${variable}`).toMatch(new RegExp(`\\b${variable.replace(/_FILE$/, '')}\\b`))
  })

  test('what is mounted and depended on is there, and the image is of this version', async () => {
    for (const [name, { volumes = [], depends_on: needed = {}, image }] of Object.entries(services)) {
      for (const volume of volumes) {
        const [from] = volume.split(':')
        if (from!.startsWith('.')) expect(existsSync(path.join(root, from!)), `${name}: ${from}`).toBe(true)
        else expect(named, name).toContain(from)
      }
      for (const one of Object.keys(needed)) expect(Object.keys(services), name).toContain(one)
      expect(image, name).toMatch(/:\d|:v\d/)
    }
    const { version } = JSON.parse(await read('package.json')) as { version: string }
    expect(services['api']!.image).toBe(`cartage:${version}`)
  })

  test('the proxy and the collectors ask for services by the names that they have', async () => {
    const [nginx, prometheus, collector] = await Promise.all([read('deploy/nginx/cartage.conf'), read('deploy/prometheus/prometheus.yml'), read('deploy/otel/collector.yaml')])
    expect(/server (\w+):4000 resolve/.exec(nginx)?.[1]).toBe('api')
    const { scrape_configs: jobs } = parse(prometheus) as { scrape_configs: { dns_sd_configs: { names: string[] }[] }[] }
    for (const name of jobs.flatMap(({ dns_sd_configs: found }) => found.flatMap(({ names }) => names))) expect(Object.keys(services)).toContain(name)
    const { exporters, service: { pipelines } } = parse(collector) as { exporters: Record<string, { endpoint: string }>; service: { pipelines: Record<string, { exporters: string[] }> } }
    for (const { exporters: used } of Object.values(pipelines)) for (const one of used) expect(Object.keys(services)).toContain(new URL(exporters[one]!.endpoint).hostname)
  })
})
