import type express from 'express';
import express4 from 'express4';
import { contract } from './contract.js';
import { expressHarness } from './express.js';

contract(expressHarness(4, express4 as unknown as typeof express));
