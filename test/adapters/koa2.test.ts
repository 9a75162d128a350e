import type Koa from 'koa';
import Koa2 from 'koa2';
import { contract } from './contract.js';
import { koaHarness } from './koa.js';

contract(koaHarness(2, Koa2 as unknown as typeof Koa));
