/** Brings a fresh clone to the point where it runs: packages installed, program built. Needs only Node.js and npm. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Installs packages if the lock file asks for others than are there, and builds if sources changed. */
export function setUp() {
  requireNode(20, 19);
  if (!packagesInstalled()) installPackages();
  return build();
}

/** Runs a program with our streams and ends this process with its exit code. */
export function handOver(command, args) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', cwd: root });
  if (error) giveUp(`cannot run ${command}: ${error.message}`);
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

/** Prints what went wrong and what to do, and ends. */
export function giveUp(...lines) {
  console.error(lines.join('\n'));
  process.exit(1);
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  giveUp(`DeepL-Ops needs Node.js ${major}.${minor} or newer; this is ${process.version}.`, '  See https://nodejs.org');
}

/** npm keeps a copy of the lock file of what it installed; packages of other platforms are optional in both. */
function packagesInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = readPackages(installed);
  const want = Object.entries(readPackages(join(root, 'package-lock.json')));
  return want.every(([path, { version, optional }]) => path === '' || optional || have[path]?.version === version);
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** `--no-save` installs what the lock file says and leaves it as it is, also where it lacks a platform's binary. */
function installPackages() {
  console.error('Installing packages (npm install, once, usually under a minute) ...');
  const flags = ['install', '--no-save', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const { status, error } = runNpm(flags);
  if (status === 0) return;
  giveUp(
    `npm install failed${error ? `: ${error.message}` : ` with exit code ${status}`}; its own message is above.`,
    '  Most often the package registry cannot be reached: check the network, a proxy and `npm config get registry`.',
    '  Then run the same command again.',
  );
}

/** Under `npm start` the very npm that runs us; otherwise the one on the path. */
function runNpm(flags) {
  const own = process.env.npm_execpath;
  const options = { stdio: ['ignore', process.stderr, process.stderr], cwd: root };
  if (own && /npm-cli\.c?js$/.test(own)) return spawnSync(process.execPath, [own, ...flags], options);
  return spawnSync('npm', flags, { ...options, shell: process.platform === 'win32' });
}
