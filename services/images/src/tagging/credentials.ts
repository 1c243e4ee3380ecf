import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@vindima/service-kit';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

export interface Credentials {
  readonly imaggaApiKey: string;
  readonly imaggaApiSecret: string;
  readonly imageKitPrivateKey: string;
}

/** The variables, and the same names in the file; a file may also group them by service. */
interface CredentialVariables {
  readonly IMAGGA_API_KEY?: string;
  readonly IMAGGA_API_SECRET?: string;
  readonly IMAGEKIT_PRIVATE_KEY?: string;
  readonly CREDENTIALS_FILE?: string;
}

const Text = Type.Optional(Type.String({ minLength: 1 }));
const CredentialsFile = Type.Object({
  IMAGGA_API_KEY: Text,
  IMAGGA_API_SECRET: Text,
  IMAGEKIT_PRIVATE_KEY: Text,
  imagga: Type.Optional(Type.Object({ api_key: Text, api_secret: Text })),
  imagekit: Type.Optional(Type.Object({ private_key: Text })),
  // As the program that this service replaces has them; of public_key and url_endpoint there is no need here.
  api_key: Text,
  api_secret: Text,
  private_key: Text,
  public_key: Text,
  url_endpoint: Text,
});

const readCredentialsFile = async (path: string) => {
  const wrong = (reason: string) =>
    new ConfigurationError(`CREDENTIALS_FILE=${path}: expected a JSON file with credentials (${reason})`);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    // A parser's message would show what is in the file.
    throw wrong(
      error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : String(error),
    );
  }
  if (!Value.Check(CredentialsFile, content)) throw wrong('its values are not texts');
  const unknown = Object.keys(content).filter((name) => !(name in CredentialsFile.properties));
  if (unknown.length > 0) throw wrong(`it has the unknown name ${unknown.join(', ')}`);
  const hasAny = Object.values(content).some((value) => value !== undefined);
  if (!hasAny) throw wrong('it has none');
  return content;
};

/**
 * The credentials of Imagga and ImageKit, from the environment or the file that it names. A variable wins over the file.
 * @returns undefined where there are none
 * @throws ConfigurationError when some are missing, naming them
 */
export const readCredentials = async (variables: CredentialVariables): Promise<Credentials | undefined> => {
  const file = variables.CREDENTIALS_FILE === undefined ? {} : await readCredentialsFile(variables.CREDENTIALS_FILE);
  const found = {
    IMAGGA_API_KEY: variables.IMAGGA_API_KEY ?? file.IMAGGA_API_KEY ?? file.imagga?.api_key ?? file.api_key,
    IMAGGA_API_SECRET:
      variables.IMAGGA_API_SECRET ?? file.IMAGGA_API_SECRET ?? file.imagga?.api_secret ?? file.api_secret,
    IMAGEKIT_PRIVATE_KEY:
      variables.IMAGEKIT_PRIVATE_KEY ?? file.IMAGEKIT_PRIVATE_KEY ?? file.imagekit?.private_key ?? file.private_key,
  };
  const { IMAGGA_API_KEY, IMAGGA_API_SECRET, IMAGEKIT_PRIVATE_KEY } = found;
  if (IMAGGA_API_KEY !== undefined && IMAGGA_API_SECRET !== undefined && IMAGEKIT_PRIVATE_KEY !== undefined) {
    return {
      imaggaApiKey: IMAGGA_API_KEY,
      imaggaApiSecret: IMAGGA_API_SECRET,
      imageKitPrivateKey: IMAGEKIT_PRIVATE_KEY,
    };
  }
  const missing = Object.entries(found).flatMap(([name, value]) => (value === undefined ? [name] : []));
  // A file is there to hold them.
  if (missing.length === 3 && variables.CREDENTIALS_FILE === undefined) return undefined;
  throw new ConfigurationError(
    `${missing.join(' and ')} not set: expected the credentials of Imagga and ImageKit together, or none`,
  );
};
