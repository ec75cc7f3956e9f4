package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.simulator.SandboxFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The shop's book of purchases, the newest {@value #MOST}; kept in the sandbox folder. */
class Purchases {

    static final int MOST = 500;

    private static final String FILE = "purchases.json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SandboxFolder folder;
    private final List<Purchase> newestFirst;

    Purchases(SandboxFolder folder) {
        this.folder = folder;
        this.newestFirst = new ArrayList<>(folder.read(FILE)
                .map(text -> JSON.readValue(text, new TypeReference<List<Purchase>>() {}))
                .orElse(List.of()));
    }

    /** A payment that is in the book already is not written a second time. */
    synchronized void add(Purchase purchase) {
        if (paidBy(purchase.outTradeNo()).isPresent()) {
            return;
        }
        newestFirst.addFirst(purchase);
        while (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
        folder.write(FILE, JSON.writeValueAsString(newestFirst), true);
    }

    synchronized List<Purchase> of(String user) {
        return newestFirst.stream()
                .filter(purchase -> purchase.user().equals(user))
                .toList();
    }

    synchronized Optional<Purchase> paidBy(String outTradeNo) {
        return newestFirst.stream()
                .filter(purchase -> purchase.outTradeNo().equals(outTradeNo))
                .findFirst();
    }
}
