/** Every error a user can cause, each with a stable code; `docs/errors.md` is generated from the catalogue below. */

/** Where in the input the mistake sits; line and column count from 1. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What may be said about an error beyond its code and message. */
export interface ErrorDetails {
  readonly place?: ErrorPlace;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What each code stands for. Exit 2 is wrong usage or bad input; exit 1 is work that ran and failed. */
export const errorCatalogue = {
  USAGE: {
    exit: 2,
    meaning: 'The command line names a command, a flag or a value that does not exist, or leaves one out.',
    advice: 'Run `deepl-ops --help`, or `deepl-ops <command> --help` for the flags of one command.',
  },
  CONFIG_INVALID: {
    exit: 2,
    meaning: 'A settings file or an environment variable holds a key or a value the program does not know.',
    advice: 'Correct the named key; the message says which values are allowed.',
  },
  FILE_NOT_FOUND: {
    exit: 2,
    meaning: 'There is no file or folder of that name.',
    advice: 'Check the path; it is taken relative to the current folder.',
  },
  FILE_UNREADABLE: {
    exit: 2,
    meaning: 'The file is there but cannot be read: permission, a folder instead of a file, or not UTF-8 text.',
    advice: 'Check that it is a file, its permissions and its encoding.',
  },
  OUTPUT_UNWRITABLE: {
    exit: 2,
    meaning: 'The output file or folder cannot be written.',
    advice: 'Choose another place with --out, or mend permissions and free space.',
  },
  YAML_SYNTAX: {
    exit: 2,
    meaning: 'The file is not well-formed YAML.',
    advice: 'Look at the named line: mostly an indentation, a missing colon or an open quote.',
  },
  SCENARIO_INVALID: {
    exit: 2,
    meaning: 'The scenario is well-formed but a field is missing, unknown or out of range.',
    advice: 'Correct the named field; `deepl-ops list` shows scenarios to compare with.',
  },
  SCENARIO_UNKNOWN_NAME: {
    exit: 2,
    meaning: 'The scenario refers to a node, service, fault or other thing that it does not define.',
    advice: 'Correct the name or define the thing; the message suggests the nearest known name.',
  },
  SCENARIO_CALL_CYCLE: {
    exit: 2,
    meaning: 'The calls between the services of a scenario form a cycle, so a request would never end.',
    advice: 'Remove one of the calls named in the message.',
  },
  MANIFEST_INVALID: {
    exit: 2,
    meaning: 'A file to import has a field the importer cannot understand, or asks for what a scenario cannot hold.',
    advice: 'Correct the named field, or leave that document out.',
  },
  MANIFEST_EMPTY: {
    exit: 2,
    meaning: 'The files to import hold nothing of their format.',
    advice: 'Give the rendered manifests, for instance the output of `helm template` or `docker compose config`.',
  },
  MANIFEST_NO_WORKLOAD: {
    exit: 2,
    meaning: 'The manifests hold documents, but none that runs a service.',
    advice: 'Include the files that define Deployments, StatefulSets or compose services.',
  },
  MANIFEST_NO_FAULT: {
    exit: 2,
    meaning: 'The experiments to import do nothing that can be done to the scenario.',
    advice: 'The reasons stand beside the message; `--bind` says which service a label means.',
  },
  EXPORT_EMPTY: {
    exit: 2,
    meaning: 'There is no fault to export, or none that the other tool can do.',
    advice: 'Export a scenario with a `script:`, or a recording in which chaos did something.',
  },
  EDGES_INVALID: {
    exit: 2,
    meaning: 'A file of calls (`--edges`) is neither a list of caller,callee,count nor trace spans as OTLP JSON.',
    advice: 'Correct the named line; docs/importing.md shows both formats.',
  },
  AGENT_UNKNOWN: {
    exit: 2,
    meaning: 'There is no agent of that name, and no agent folder at that path.',
    advice: 'Run `deepl-ops list` for the names, or give the path of a folder that holds a card.json.',
  },
  AGENT_INVALID: {
    exit: 2,
    meaning: 'The agent folder is incomplete or its files contradict each other.',
    advice: 'Export or train the agent again; do not edit its files by hand.',
  },
  MODEL_INVALID: {
    exit: 2,
    meaning: 'The folder holds no exported order model, or its files are damaged or contradict each other.',
    advice: 'Give a folder that `deepl-ops export` wrote; do not edit its files by hand.',
  },
  SIGNALS_INVALID: {
    exit: 2,
    meaning:
      'The signals document or the alert payload has a field that is missing, unknown, out of range or in the future.',
    advice: 'Correct the named field; signals.schema.json in the exported folder tells what may stand there.',
  },
  TOPOLOGY_INVALID: {
    exit: 2,
    meaning:
      'There is no topology map where one is needed, or it has a field that is missing, unknown or out of range.',
    advice: 'Correct the named field; topology.schema.json in the exported folder tells what may stand there.',
  },
  SPEC_MISMATCH: {
    exit: 2,
    meaning: 'The agent was trained on other features or other actions than this version has.',
    advice: 'Train it again with this version, or use the version named on its card.',
  },
  EXPORT_UNSUPPORTED: {
    exit: 2,
    meaning: 'The network of the agent has parts that the exported formats cannot hold.',
    advice: 'Export an agent whose network has no memory and no message passing, or use the agent folder itself.',
  },
  CHECKPOINT_TRUNCATED: {
    exit: 2,
    meaning: 'The checkpoint ends too early: the run that wrote it was killed, or the copy is incomplete.',
    advice: 'Copy it again; the checkpoint before it is taken where that one is whole, and here it is not.',
  },
  CHECKPOINT_INVALID: {
    exit: 2,
    meaning: 'The checkpoint is not one of ours, is damaged, or belongs to other settings.',
    advice: 'Give the folder that `deepl-ops train --out` wrote, with the settings it was trained with.',
  },
  BACKEND_UNAVAILABLE: {
    exit: 2,
    meaning: 'The numeric library that was asked for, or that a run began with, does not load on this machine.',
    advice: 'Install it as the message says, or train with `--backend simd`, which needs nothing.',
  },
  RECORDING_INVALID: {
    exit: 2,
    meaning: 'The recording is damaged or not a recording.',
    advice: 'Record the episode again with `deepl-ops run --record FILE`.',
  },
  RECORDING_VERSION: {
    exit: 2,
    meaning: 'The recording was written by a version whose format or behaviour this version does not have.',
    advice: 'Replay it with the version named in the message, or record it again.',
  },
  REPLAY_DIVERGED: {
    exit: 1,
    meaning: 'Running the recording again gave another state than the recorded one.',
    advice: 'The message names the first step and the part of the state; compare program and Node.js versions.',
  },
  SUITE_INVALID: {
    exit: 2,
    meaning: 'The benchmark suite has a field that is missing, unknown or out of range.',
    advice: 'Correct the named field; the suites under scenarios/ are examples.',
  },
  ACTION_INVALID: {
    exit: 2,
    meaning: 'An action lies outside the action space, or its mask forbids it.',
    advice: 'Choose among the actions whose mask entry is 1; no-op is always 0.',
  },
  RESET_NEEDED: {
    exit: 2,
    meaning: 'The environment was stepped before its first reset, or after the episode had ended.',
    advice: 'Call reset() before step().',
  },
  INTERRUPTED: {
    exit: 1,
    meaning: 'The work was stopped (Ctrl-C) before it had a complete result; what was written so far is whole.',
    advice: 'Run the command again.',
  },
  INTERNAL: {
    exit: 1,
    meaning: 'A bug of ours.',
    advice: 'Run again with --verbose and report what it prints, with the command line.',
  },
} as const;

/** A stable error code: safe to match on in scripts. */
export type ErrorCode = keyof typeof errorCatalogue;

/** An error with a code, a place where there is one, and a hint what to do (the catalogue's advice unless given). */
export class DeeplOpsError extends Error {
  override readonly name: string = 'DeeplOpsError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly place?: ErrorPlace;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(tidy(message, MESSAGE_MAX), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = tidy(details.hint ?? errorCatalogue[code].advice, HINT_MAX);
    if (details.place) this.place = details.place;
  }

  /** The exit code of a program that ends with this error. */
  get exitCode(): 1 | 2 {
    return errorCatalogue[this.code].exit;
  }
}

/** Messages repeat parts of files, which may be long, and hold what a terminal would obey. */
const MESSAGE_MAX = 1000;
const HINT_MAX = 2000;

function tidy(text: string, lengthMax: number): string {
  const short = text.length > lengthMax ? `${text.slice(0, lengthMax - 3)}...` : text;
  return visible(short);
}

/** Control characters but line breaks, written out. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
