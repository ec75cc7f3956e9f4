package io.tallyhook.payment.simulation;

import io.tallyhook.payment.simulation.World.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The payments of a story, with what must be true of each. */
record Cast(World world, List<Player> players, Sights sights) {

    /** One payment. */
    record Player(String number, Terms terms, Truth truth, Watch watch) {}

    static Cast opened(int count, World world, SplittableRandom random, int maxAttempts, Sights sights) {
        var players = new ArrayList<Player>();
        for (int n = 0; n < count; n++) {
            var terms = new Terms(
                    random.nextInt(4) == 0 ? "VIP" : "GOODS",
                    random.nextBoolean() ? "wechat" : "alipay",
                    random.nextInt(8) == 0 ? 10_000_000_000L : 100 + random.nextInt(10_000));
            var truth = new Truth(terms.amount());
            players.add(new Player(world.open(terms), terms, truth, new Watch(truth, maxAttempts)));
        }
        return new Cast(world, List.copyOf(players), sights);
    }

    Player get(int n) {
        return players.get(n);
    }

    List<Row> rows() {
        return world.rows(players.stream().map(Player::number).toList());
    }

    /** After every step. */
    void lookAtAll() {
        var rows = rows();
        for (int n = 0; n < rows.size(); n++) {
            players.get(n).watch().look(rows.get(n));
            sights.see(rows.get(n));
        }
    }

    boolean someAreDue() {
        return rows().stream().anyMatch(Row::waits);
    }
}
