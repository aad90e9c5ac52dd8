// Builds style and script into webapp/static/build, each file under the hash of its content.
// `node build.js --check` builds in memory and says whether the committed files are the same.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import * as sass from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', 'webapp', 'static', 'build');
const noticeFile = join(here, 'NOTICE.md');
const licencesFolder = join(here, 'licences');
const ABOVE = `# Software in the bundle

The files in \`webapp/static/build\` contain the packages below, each under its own licence, whose text stands
in \`licences/\`. The mark of bpmn.io stays fully visible on every diagram, as the licence of bpmn-js asks.
Written by \`npm run build\`; do not edit.`;
const compressed = /\.(css|js|svg)$/;

const bundled = new Set();

function note(path) {
  const found = path.split(sep).join('/').match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) bundled.add(found[1]);
}

function style(source) {
  const { css, loadedUrls } = sass.compile(join(here, 'src', source), {
    style: 'compressed',
    loadPaths: [join(here, 'node_modules')],
    quietDeps: true,
    charset: false,
  });
  loadedUrls.forEach((url) => note(fileURLToPath(url)));
  return Buffer.from(css + '\n');
}

async function script(source) {
  const built = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [join('src', source)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2020'],
    legalComments: 'none', // the licences stand in licences/
    charset: 'utf8',
    metafile: true,
  });
  Object.keys(built.metafile.inputs).forEach(note);
  return Buffer.from(built.outputFiles[0].contents);
}

async function build() {
  return {
    'main.css': style('styles/main.scss'),
    'main.js': await script('script/main.js'),
    'diagram.css': style('diagram/diagram.scss'),
    'diagram.js': await script('diagram/diagram.js'),
    'mark.svg': await readFile(join(here, 'src', 'images', 'mark.svg')),
  };
}

function hashed(name, content) {
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return name.replace(/\.(\w+)$/, `-${digest}.$1`);
}

function files(built) {
  const manifest = {};
  const found = new Map();
  for (const [name, content] of Object.entries(built)) {
    manifest[name] = hashed(name, content);
    found.set(manifest[name], content);
  }
  found.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, 2) + '\n'));
  return found;
}

async function write(found) {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [name, content] of found) {
    await writeFile(join(target, name), content);
    if (!compressed.test(name)) continue;
    const small = gzipSync(content, { level: 9 });
    await writeFile(join(target, `${name}.gz`), small);
    console.log(`${name}  ${content.length} B, compressed ${small.length} B`);
  }
}

// Bundlers leave licences out: they stand in licences/, one file for each package in the bundle, word
// for word as the package has it. A package without a licence file keeps the one put there by hand,
// from its repository; without that one nothing is built.
async function licences() {
  const texts = new Map();
  const lines = [];
  for (const name of [...bundled].sort()) {
    const folder = join(here, 'node_modules', name);
    const { version, license, repository } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = `${name.replace('/', '__')}.txt`;
    const own = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    const text = await readFile(own ? join(folder, own) : join(licencesFolder, file), 'utf8').catch(() => {
      throw new Error(`${name} has no licence file: put the one of its repository into licences/${file}`);
    });
    texts.set(file, Buffer.from(text.replace(/\r/g, '').trim() + '\n'));
    const from = own ? '' : `; from its repository, ${repository.url.replace(/^git\+|\.git$/g, '')}`;
    const kind = /^see /i.test(license) ? 'its own licence' : license;
    lines.push(`- ${name} ${version}: ${kind}, [licences/${file}](licences/${file})${from}`);
  }
  return { texts, notice: Buffer.from(`${ABOVE}\n\n${lines.join('\n')}\n`) };
}

async function writeLicences({ texts, notice }) {
  await rm(licencesFolder, { recursive: true, force: true });
  await mkdir(licencesFolder, { recursive: true });
  for (const [file, text] of texts) await writeFile(join(licencesFolder, file), text);
  await writeFile(noticeFile, notice);
}

async function wrongLicences({ texts, notice }) {
  const is = async (path, content) => (await readFile(path).catch(() => Buffer.alloc(0))).equals(content);
  const wrong = (await is(noticeFile, notice)) ? [] : ['NOTICE.md'];
  for (const [file, text] of texts) {
    if (!(await is(join(licencesFolder, file), text))) wrong.push(`licences/${file}`);
  }
  const there = await readdir(licencesFolder);
  return [...wrong, ...there.filter((file) => !texts.has(file)).map((file) => `licences/${file}`)];
}

// Compressors differ between versions of Node: what counts is that the contents are equal.
async function differences(found) {
  const wrong = [];
  const wanted = new Set();
  for (const [name, content] of found) {
    wanted.add(name);
    const there = await readFile(join(target, name)).catch(() => null);
    if (!there || !there.equals(content)) wrong.push(name);
    if (!compressed.test(name)) continue;
    wanted.add(`${name}.gz`);
    const small = await readFile(join(target, `${name}.gz`)).catch(() => null);
    if (!small || !gunzipSync(small).equals(content)) wrong.push(`${name}.gz`);
  }
  const extra = (await readdir(target).catch(() => [])).filter((name) => !wanted.has(name));
  return [...wrong, ...extra];
}

const found = files(await build());
const theirs = await licences();
if (process.argv.includes('--check')) {
  const wrong = [...(await differences(found)), ...(await wrongLicences(theirs))];
  if (wrong.length) {
    console.error(`Not as built from frontend/: ${wrong.join(', ')}. Run npm run build and commit.`);
    process.exit(1);
  }
  console.log('webapp/static/build is what frontend/ builds, and every package in it has its licence.');
} else {
  await write(found);
  await writeLicences(theirs);
}
