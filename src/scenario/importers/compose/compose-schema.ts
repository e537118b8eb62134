/** The parts of a Compose file that the importer reads, each in the one form of the several that Compose allows. */
import { z } from 'zod';
import { nameSchema } from '../../quantity-schema.ts';
import { LIMITS } from '../../schema.ts';
import { composeBytes, composeSeconds } from './compose-quantity.ts';

/** A service, with short forms written out; what it does not state is absent. */
export interface ComposeService {
  image?: string | undefined;
  entrypoint?: string[] | undefined;
  command?: string[] | undefined;
  /** Null = the value comes from the shell. */
  environment?: Record<string, string | null> | undefined;
  env_file?: string[] | undefined;
  depends_on?: Record<string, { condition?: string | null | undefined } | null> | undefined;
  links?: string[] | undefined;
  external_links?: string[] | undefined;
  networks?: Record<string, { aliases?: string[] | null | undefined } | null> | undefined;
  container_name?: string | undefined;
  hostname?: string | undefined;
  configs?: string[] | undefined;
  deploy?: Deploy | undefined;
  scale?: number | undefined;
  cpus?: number | undefined;
  mem_limit?: number | undefined;
  mem_reservation?: number | undefined;
  volumes?: Mount[] | undefined;
  healthcheck?: Healthcheck | undefined;
  ports?: unknown[] | undefined;
  profiles?: string[] | undefined;
  extends?: unknown;
}

interface Deploy {
  mode?: string | null | undefined;
  replicas?: number | null | undefined;
  resources?: { limits?: Resources | null | undefined; reservations?: Resources | null | undefined } | null | undefined;
}

interface Resources {
  cpus?: number | null | undefined;
  memory?: number | null | undefined;
}

export interface Mount {
  type: string;
  /** Absent: an anonymous volume. */
  source?: string | undefined;
  target: string;
  isReadOnly: boolean;
}

interface Healthcheck {
  isOff: boolean;
  interval?: number | undefined;
  timeout?: number | undefined;
  retries?: number | undefined;
  start_period?: number | undefined;
}

/** A whole file. */
export interface ComposeFile {
  name?: string | undefined;
  services?: Record<string, ComposeService> | undefined;
  volumes?: Record<string, { driver_opts?: Record<string, string | null> | null | undefined } | null> | undefined;
  configs?: Record<string, { content?: string | null | undefined } | null> | undefined;
  include?: unknown;
}

const IS_LIST = { error: 'must be a list' };
const IS_MAP = { error: 'must be a map' };

/** A field that is left empty is left out. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const text = z.union([z.string(), z.number(), z.boolean()], { error: 'must be text' }).transform(String);
const texts = z.array(text, IS_LIST);
/** Compose writes what is left empty as nothing at all. */
const map = <T extends z.ZodType>(value: T) => z.record(z.string(), value.nullable(), IS_MAP);
const listOrOne = z.union([texts, text.transform((one) => [one])], { error: 'must be text or a list of texts' });

/** A command as one text is a line of the shell. */
const words = z.union([texts, text.transform((line) => line.split(/\s+/).filter((word) => word !== ''))], {
  error: 'must be text or a list of texts',
});

const environment = z.union([map(text), texts.transform((entries) => Object.fromEntries(entries.map(assignment)))], {
  error: 'must be a map, or a list of NAME=value',
});

function assignment(entry: string): [name: string, value: string | null] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, null] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

const byName = <T extends z.ZodType>(value: T, error: string) =>
  z.union([map(value), texts.transform((names) => Object.fromEntries(names.map((name) => [name, null])))], { error });

const dependsOn = byName(
  z.looseObject({ condition: text.nullish() }, IS_MAP),
  'must be a list of services, or a map of them',
);
const networks = byName(
  z.looseObject({ aliases: texts.nullish() }, IS_MAP),
  'must be a list of networks, or a map of them',
);

const seconds = quantity(composeSeconds, { max: 1e6, example: 'a duration such as 30s or 1m30s' });
const bytes = quantity(composeBytes, { max: 1e15, example: 'a size such as 50M or 1gb' });
const number = quantity((written) => finite(written), { max: 1e5, example: 'a number' });
const count = quantity((written) => whole(written), {
  max: LIMITS.replicasPerService,
  example: `a whole number up to ${LIMITS.replicasPerService}`,
});

function quantity(read: (written: string | number) => number | null, bounds: { max: number; example: string }) {
  return z.union([z.string(), z.number()], { error: `must be ${bounds.example}` }).transform((written, context) => {
    const value = read(written);
    if (value !== null && value <= bounds.max) return value;
    const shown = JSON.stringify(String(written).slice(0, 40));
    context.addIssue({ code: 'custom', message: `${shown} is not ${bounds.example}` });
    return z.NEVER;
  });
}

function finite(written: string | number): number | null {
  const value = typeof written === 'number' ? written : Number(written.trim() || Number.NaN);
  return value >= 0 && Number.isFinite(value) ? value : null;
}

function whole(written: string | number): number | null {
  const value = finite(written);
  return value !== null && Number.isInteger(value) ? value : null;
}

const resources = z.looseObject({ cpus: number.nullish(), memory: bytes.nullish() }, IS_MAP);

const deploy = z.looseObject(
  {
    mode: text.nullish(),
    replicas: count.nullish(),
    resources: z.looseObject({ limits: resources.nullish(), reservations: resources.nullish() }, IS_MAP).nullish(),
  },
  IS_MAP,
);

const mount = z.union(
  [
    z.string().transform(shortMount),
    z
      .looseObject({
        type: text.nullish(),
        source: text.nullish(),
        target: text,
        read_only: z.union([z.boolean(), z.string()]).nullish(),
      })
      .transform(
        ({ type, source, target, read_only }): Mount => ({
          type: type ?? 'volume',
          ...(source ? { source } : {}),
          target,
          isReadOnly: String(read_only) === 'true',
        }),
      ),
  ],
  { error: 'must be SOURCE:TARGET, or a map with a target' },
);

/** `data:/var/lib/data:ro`, `./conf:/etc/conf`, `C:\\data:/data`, `/scratch` */
function shortMount(written: string): Mount {
  const [, drive, inside, how] = /^([A-Za-z]:[\\/][^:]*):(\/[^:]*)(?::(.*))?$/.exec(written) ?? [];
  const parts = drive === undefined ? written.split(':') : [drive, inside ?? '', how ?? ''];
  const [source, target, options = ''] = parts.length === 1 ? [undefined, parts[0], ''] : parts;
  const isPath = drive !== undefined || (source !== undefined && /^[.~/\\]/.test(source));
  return {
    type: isPath ? 'bind' : 'volume',
    ...(source === undefined ? {} : { source }),
    target: target ?? '',
    isReadOnly: options.split(',').includes('ro'),
  };
}

const healthcheck = z
  .looseObject(
    {
      test: z.union([texts, text]).nullish(),
      disable: z.union([z.boolean(), z.string()]).nullish(),
      interval: seconds.nullish(),
      timeout: seconds.nullish(),
      retries: quantity(whole, { max: 1000, example: 'a whole number up to 1000' }).nullish(),
      start_period: seconds.nullish(),
    },
    IS_MAP,
  )
  .transform(({ test, disable, interval, timeout, retries, start_period }): Healthcheck => {
    const isOff = String(disable) === 'true' || (Array.isArray(test) && test[0] === 'NONE');
    return {
      isOff,
      interval: interval ?? undefined,
      timeout: timeout ?? undefined,
      retries: retries ?? undefined,
      start_period: start_period ?? undefined,
    };
  });

const source = z.union([text, z.looseObject({ source: text }, IS_MAP).transform((config) => config.source)], {
  error: 'must be a name, or a map with a source',
});

const envFile = z.union([text, z.looseObject({ path: text }, IS_MAP).transform((file) => file.path)], {
  error: 'must be a path, or a map with one',
});

const service: z.ZodType<ComposeService> = z.looseObject(
  {
    image: maybe(text),
    entrypoint: maybe(words),
    command: maybe(words),
    environment: maybe(environment),
    env_file: maybe(z.union([z.array(envFile, IS_LIST), envFile.transform((one) => [one])])),
    depends_on: maybe(dependsOn),
    links: maybe(texts),
    external_links: maybe(texts),
    networks: maybe(networks),
    container_name: maybe(text),
    hostname: maybe(text),
    configs: maybe(z.array(source, IS_LIST)),
    deploy: maybe(deploy),
    scale: maybe(count),
    cpus: maybe(number),
    mem_limit: maybe(bytes),
    mem_reservation: maybe(bytes),
    volumes: maybe(z.array(mount, IS_LIST)),
    healthcheck: maybe(healthcheck),
    ports: maybe(z.array(z.unknown(), IS_LIST)),
    profiles: maybe(listOrOne),
    extends: z.unknown().optional(),
  },
  { error: (issue) => (issue.input === null ? 'is empty' : 'must be a map') },
);

/** A Compose file; `services` is checked to be there by the reader, which knows of several files. */
export const composeFileSchema: z.ZodType<ComposeFile> = z.looseObject(
  {
    name: text.optional(),
    services: z.record(nameSchema, service, { error: 'must be a map of services' }).optional(),
    volumes: map(z.looseObject({ driver_opts: map(text).nullish() }, IS_MAP)).optional(),
    configs: map(z.looseObject({ content: text.nullish() }, IS_MAP)).optional(),
    include: z.unknown().optional(),
  },
  { error: 'is not a Compose file: it must be a map with `services`' },
);
