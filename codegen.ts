// Typed documents from the contract: what an integrator copies. Here they are for the tests, and for the demo.
import type { CodegenConfig } from '@graphql-codegen/cli'

export default {
  schema: 'schema.graphql',
  documents: ['test/**/*.ts', 'src/demo/**/*.ts', '!**/generated/**'],
  ignoreNoDocuments: true,
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', DateTime: 'string', Duration: 'string', Cursor: 'string', SafeInt: 'number', JSON: 'unknown' },
        documentMode: 'string',
        importExtension: '.ts'
      }
    }
  }
} satisfies CodegenConfig
