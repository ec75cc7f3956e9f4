package io.tallyhook.wallet.export;

/** What kind of file. */
public enum Format {
    /** UTF-8 with a byte order mark, comma, CRLF, everything quoted; amounts in yuan and in fen. */
    CSV("csv", "text/csv;charset=UTF-8"),
    /** A workbook: amounts as numbers, numbers of orders as text, and a sheet that says what it is. */
    XLSX("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    private final String ending;
    private final String mediaType;

    Format(String ending, String mediaType) {
        this.ending = ending;
        this.mediaType = mediaType;
    }

    public String ending() {
        return ending;
    }

    public String mediaType() {
        return mediaType;
    }
}
