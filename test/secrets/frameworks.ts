import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import { expressHarness } from '../adapters/express.js';
import { koaHarness } from '../adapters/koa.js';

export const FRAMEWORKS = [
  expressHarness(4, express4 as unknown as typeof express),
  expressHarness(5, express),
  koaHarness(2, Koa2 as unknown as typeof Koa),
  koaHarness(3, Koa),
];
