// Searches with Lucene's ArabicAnalyzer and BM25 as Lucene has them, for quality.py:
//
//     java -cp lucene.jar LuceneRun.java documents.tsv queries.tsv depth
//
// Both files have an id and a text on each line. Prints query, document and score, between tabs.

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;

public class LuceneRun {
    private static final BM25Similarity BM25 = new BM25Similarity(1.2f, 0.75f);

    public static void main(String[] arguments) throws Exception {
        Analyzer analyzer = new ArabicAnalyzer();
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        index(directory, analyzer, Path.of(arguments[0]));
        int depth = Integer.parseInt(arguments[2]);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            searcher.setSimilarity(BM25);
            for (String line : Files.readAllLines(Path.of(arguments[1]))) {
                String[] columns = line.split("\t", 2);
                Query query = query(analyzer, columns[1]);
                for (ScoreDoc hit : searcher.search(query, depth).scoreDocs) {
                    String id = reader.storedFields().document(hit.doc).get("id");
                    out.println(columns[0] + "\t" + id + "\t" + hit.score);
                }
            }
        }
        out.flush();
    }

    private static void index(ByteBuffersDirectory directory, Analyzer analyzer, Path source)
            throws Exception {
        IndexWriterConfig settings = new IndexWriterConfig(analyzer).setSimilarity(BM25);
        try (IndexWriter writer = new IndexWriter(directory, settings)) {
            for (String line : Files.readAllLines(source)) {
                String[] columns = line.split("\t", 2);
                Document document = new Document();
                document.add(new StringField("id", columns[0], Field.Store.YES));
                document.add(new TextField("text", columns[1], Field.Store.NO));
                writer.addDocument(document);
            }
        }
    }

    private static Query query(Analyzer analyzer, String text) throws Exception {
        Set<String> terms = new LinkedHashSet<>();
        try (TokenStream tokens = analyzer.tokenStream("text", text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                terms.add(term.toString());
            }
            tokens.end();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        for (String term : terms) {
            query.add(new TermQuery(new Term("text", term)), BooleanClause.Occur.SHOULD);
        }
        return query.build();
    }
}
