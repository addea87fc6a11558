import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

// Prisma's CLI downloads its schema engine at first use. The one named here comes from npm; set the variable to use another.
// Windows cannot run a script as a program, so there the CLI keeps to its download.
if (process.platform !== 'win32') {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(new URL('scripts/schema-engine.mjs', import.meta.url))
}

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  // Agenda's tables are made by a migration of ours but are none of our models.
  experimental: { externalTables: true },
  tables: { external: ['public.agenda_jobs'] },
  // Only `migrate` connects; `generate` and `validate` want a well-formed address and no more.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5432/none' },
})
