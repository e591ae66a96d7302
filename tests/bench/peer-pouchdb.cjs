// SPDX-License-Identifier: EUPL-1.2
//
// The peer of bench-against-pouchdb: PouchDB over LevelDB, and express-pouchdb as its server.
//
//   node peer-pouchdb.cjs serve FOLDER            {"port"}, then serves until its input ends
//   node peer-pouchdb.cjs fill FOLDER < NDJSON    {"id","fields"} a line, into FOLDER
//   node peer-pouchdb.cjs pull FOLDER URL         {"seconds","docs"}
//   node peer-pouchdb.cjs edit FOLDER URL ID      one field, then a push: {"seconds","docs"}
//   node peer-pouchdb.cjs dump FOLDER             {"id","fields"} a line
//
// NODE_PATH says where pouchdb, express-pouchdb and express are.

'use strict';

const PouchDB = require('pouchdb');
const readline = require('readline');

// Of 100 (the default), 1,000 and 5,000 documents a batch this is the quickest.
const BATCH = {batch_size: 1000};

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

function serve(folder) {
  const express = require('express');
  const databases = PouchDB.defaults({prefix: folder + '/'});
  const app = express();
  app.use('/', require('express-pouchdb')(databases, {
    mode: 'minimumForPouchDB', logPath: folder + '/log.txt', configPath: folder + '/config.json'}));
  const server = app.listen(0, '127.0.0.1', () => say({port: server.address().port}));
  process.stdin.resume().on('end', () => process.exit(0));
}

async function fill(folder) {
  const db = new PouchDB(folder);
  let batch = [];
  const put = async () => {
    for (const answer of await db.bulkDocs(batch))
      if (answer.error) throw answer;
    batch = [];
  };
  for await (const line of readline.createInterface({input: process.stdin})) {
    const {id, fields} = JSON.parse(line);
    batch.push({_id: id, ...fields});
    if (batch.length === 1000) await put();
  }
  await put();
  await db.close();
}

async function timed(replicate) {
  const began = process.hrtime.bigint();
  const said = await replicate();
  if (!said.ok || said.errors.length > 0 || said.doc_write_failures > 0)
    throw new Error(JSON.stringify(said));
  say({seconds: Number(process.hrtime.bigint() - began) / 1e9, docs: said.docs_written});
}

async function pull(folder, url) {
  const db = new PouchDB(folder);
  await timed(() => db.replicate.from(url, BATCH));
  await db.close();
}

async function edit(folder, url, id) {
  const db = new PouchDB(folder);
  await timed(async () => {
    const doc = await db.get(id);
    doc.girth += 1;
    await db.put(doc);
    return db.replicate.to(url, BATCH);
  });
  await db.close();
}

async function dump(folder) {
  const db = new PouchDB(folder);
  for (const {doc} of (await db.allDocs({include_docs: true})).rows) {
    const {_id, _rev, ...fields} = doc;
    say({id: _id, fields});
  }
  await db.close();
}

const [word, ...words] = process.argv.slice(2);
const done = {serve, fill, pull, edit, dump}[word](...words);
if (done) done.catch((error) => { console.error(error); process.exit(1); });
