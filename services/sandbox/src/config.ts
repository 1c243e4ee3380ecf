import { type Static, Type } from 'typebox';

/** The sandbox's own variables. A stand-in adds its own, a line each. */
export const SandboxConfig = Type.Object({
  SANDBOX_VITIBRASIL_DIR: Type.Optional(
    Type.String({ minLength: 1, description: 'folder of real VitiBrasil files to serve instead of made-up ones' }),
  ),
});
export type SandboxConfig = Static<typeof SandboxConfig>;
