package io.tallyhook.payment.simulation;

/** The process is killed here: nobody handles it. */
final class Killed extends Error {}
