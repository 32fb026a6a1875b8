// Lucene's ArabicAnalyzer; arguments as for child.py, without the name:
//
//     java -cp lucene.jar LuceneSpeed.java index FOLDER passages.tsv
//     java -cp lucene.jar LuceneSpeed.java search FOLDER KIND MODE warm-up.txt queries.txt
//
// Before it is measured, the warm-up is repeated: Java compiles what has run often.

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;

public class LuceneSpeed {
    private static final int TOP = 10;
    private static final int WARM_UPS = 50;
    private static final Analyzer ANALYZER = new ArabicAnalyzer();

    public static void main(String[] arguments) throws Exception {
        try (FSDirectory directory = FSDirectory.open(Path.of(arguments[1]))) {
            if (arguments[0].equals("index")) {
                index(directory, Path.of(arguments[2]));
            } else {
                search(directory, arguments[2], Path.of(arguments[4]), Path.of(arguments[5]));
            }
        }
    }

    private static void index(FSDirectory directory, Path passages) throws Exception {
        long started = System.nanoTime();
        int documents = 0;
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(ANALYZER));
                BufferedReader reader = Files.newBufferedReader(passages)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] columns = line.split("\t", 3);
                Document document = new Document();
                document.add(new StringField("id", columns[0], Field.Store.YES));
                document.add(new StoredField("title", columns[1]));
                document.add(new TextField("text", columns[1] + "\n" + columns[2], Field.Store.YES));
                writer.addDocument(document);
                documents++;
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf(Locale.ROOT, "{\"documents\": %d, \"seconds\": %.6f}%n", documents, seconds);
    }

    private static void search(FSDirectory directory, String kind, Path warmUp, Path queries)
            throws Exception {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int round = 0; round < WARM_UPS; round++) {
                for (String line : Files.readAllLines(warmUp)) {
                    ask(searcher, kind, line);
                }
            }
            List<String> times = new ArrayList<>();
            int hits = 0;
            for (String line : Files.readAllLines(queries)) {
                long started = System.nanoTime();
                hits += ask(searcher, kind, line);
                times.add(String.format(Locale.ROOT, "%.6f", (System.nanoTime() - started) / 1e6));
            }
            System.out.printf("{\"ms\": [%s], \"hits\": %d}%n", String.join(", ", times), hits);
        }
    }

    private static int ask(IndexSearcher searcher, String kind, String line) throws Exception {
        ScoreDoc[] found = searcher.search(query(kind, line), TOP).scoreDocs;
        StoredFields stored = searcher.getIndexReader().storedFields();
        for (ScoreDoc hit : found) {
            stored.document(hit.doc);
        }
        return found.length;
    }

    private static Query query(String kind, String line) throws Exception {
        if (kind.equals("prefix")) {
            return new PrefixQuery(new Term("text", line));
        }
        List<String> terms = terms(line);
        if (kind.equals("phrase")) {
            return new PhraseQuery("text", terms.toArray(new String[0]));
        }
        BooleanClause.Occur occur =
                kind.equals("and") ? BooleanClause.Occur.MUST : BooleanClause.Occur.SHOULD;
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (String term : new LinkedHashSet<>(terms)) {
            query.add(new TermQuery(new Term("text", term)), occur);
        }
        return query.build();
    }

    private static List<String> terms(String line) throws Exception {
        List<String> terms = new ArrayList<>();
        try (TokenStream tokens = ANALYZER.tokenStream("text", line)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                terms.add(term.toString());
            }
            tokens.end();
        }
        return terms;
    }
}
