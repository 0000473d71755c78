import { z } from 'zod'

// zod compiles validators with `new Function`, which the window's content security policy refuses. Schemas decide
// when they are made, so this module must be the first that main.ts imports.
z.config({ jitless: true })
