// Asks a service by each client of Node: node clients.mjs URL QUESTION... prints {client: [{text, urls}]} as JSON.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { DefaultChatTransport, readUIMessageStream } from "ai";
import OpenAI from "openai";

const [url, ...questions] = process.argv.slice(2);
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
const transport = new DefaultChatTransport({ api: `${url}/api/chat` });
const mcp = new Client({ name: "tests", version: "1" });
await mcp.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));

const clients = {
  async "openai chat"(question) {
    const completion = await openai.chat.completions.create(asked(question));
    const { content, annotations } = completion.choices[0].message;
    return { text: content, urls: annotations.map((each) => each.url_citation.url) };
  },
  async "openai chat stream"(question) {
    let text = "";
    const urls = [];
    for await (const chunk of await openai.chat.completions.create({ ...asked(question), stream: true })) {
      text += chunk.choices[0].delta.content ?? "";
      urls.push(...(chunk.choices[0].delta.annotations ?? []).map((each) => each.url_citation.url));
    }
    return { text, urls };
  },
  async "openai responses"(question) {
    return ofResponse(await openai.responses.create({ model: "impactqa", input: question }));
  },
  async "openai responses stream"(question) {
    return ofResponse(await openai.responses.stream({ model: "impactqa", input: question }).finalResponse());
  },
  async ai(question) {
    const message = { id: "1", role: "user", parts: [{ type: "text", text: question }] };
    const sent = { chatId: "1", messages: [message], trigger: "submit-message", messageId: undefined, abortSignal: undefined };
    const stream = await transport.sendMessages(sent);
    let last;
    for await (const state of readUIMessageStream({ stream, terminateOnError: true })) last = state;
    const texts = last.parts.filter((part) => part.type === "text").map((part) => part.text);
    return { text: texts.join(""), urls: last.parts.filter((part) => part.type === "source-url").map((part) => part.url) };
  },
  async mcp(question) {
    const { structuredContent } = await mcp.callTool({ name: "ask", arguments: { question } });
    return { text: structuredContent.answer, urls: structuredContent.citations.map((each) => each.url) };
  },
};

function asked(question) {
  return { model: "impactqa", messages: [{ role: "user", content: question }] };
}

function ofResponse(response) {
  const [part] = response.output[0].content;
  return { text: response.output_text, urls: part.annotations.map((each) => each.url) };
}

const said = {};
for (const [name, ask] of Object.entries(clients)) {
  said[name] = [];
  for (const question of questions) said[name].push(await ask(question));
}
console.log(JSON.stringify(said));
await mcp.close();
