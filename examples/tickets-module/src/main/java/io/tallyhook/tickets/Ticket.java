package io.tallyhook.tickets;

/** @param price in fen */
record Ticket(String ticketNo, String userId, String show, long price, boolean issued) {}
