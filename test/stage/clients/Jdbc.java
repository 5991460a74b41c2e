// JDBC: metadata with comments, parameters, and {call ...} of a procedure.
import java.math.BigDecimal;
import java.sql.*;
import java.util.StringJoiner;

public class Jdbc {
	static Connection connection;

	static String ask(String query, String... parameters) throws SQLException {
		StringJoiner line = new StringJoiner("|");
		try (PreparedStatement statement = connection.prepareStatement(query)) {
			for (int i = 0; i < parameters.length; i++)
				statement.setString(i + 1, parameters[i]);
			ResultSet row = statement.executeQuery();
			row.next();
			for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
				Object value = row.getObject(i);
				line.add(value instanceof BigDecimal ? ((BigDecimal) value).toPlainString() : String.valueOf(value));
			}
		}
		return line.toString();
	}

	static Connection connect(String role) throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/"
			+ System.getenv("PGDATABASE") + "?escapeSyntaxCallMode=call&user=" + role);
	}

	public static void main(String[] arguments) throws SQLException {
		connection = connect("kpi_reader");
		System.out.println("count=" + ask("SELECT count(*) FROM kpi.v_scorecard"));
		System.out.println("units=" + ask("SELECT string_agg(DISTINCT unit, ',') FROM kpi.v_scorecard"));
		System.out.println("row=" + ask("SELECT score_key, node_name, actual, target, score, rag, rag_order, "
			+ "period_start, is_stale FROM kpi.v_scorecard WHERE score_key = ?", "card/north/2011-11/sales"));
		System.out.println("null=" + ask("SELECT score, score_reason FROM kpi.v_scorecard WHERE score_key = ?",
			"card/north/2011-11/wait").replace("null|", "true|"));
		System.out.println("evaluate=" + ask("SELECT count(*) FROM kpi.evaluate(?, ?, ?)", "card", "north", "2011-11"));
		System.out.println("exact=" + ask("SELECT kpi.attainment(?::numeric, ?::numeric)", "0.1", "0.3"));
		DatabaseMetaData about = connection.getMetaData();
		ResultSet view = about.getTables(null, "kpi", "v\\_scorecard", new String[] {"VIEW"});
		view.next();
		System.out.println("comment=" + view.getString("REMARKS").split("\\. ")[0]);
		int columns = 0;
		for (ResultSet column = about.getColumns(null, "kpi", "v\\_scorecard", null); column.next();)
			columns += column.getInt("DATA_TYPE") == Types.OTHER || column.getString("REMARKS") == null ? -1000 : 1;
		System.out.println("columns=" + columns);
		connection.createStatement().execute("SET kpi.language = 'zh'");
		System.out.println("label=" + ask("SELECT rag_label FROM kpi.v_scorecard WHERE score_key = ?",
			"card/north/2011-11/sales"));
		connection = connect("kpi_runner");
		try (CallableStatement collect = connection.prepareCall("{call kpi.collect(?, ?)}")) {
			collect.setString(1, "2011-11");
			collect.setString(2, "2011-11");
			collect.execute();
		}
		System.out.println("call=" + ask("SELECT count(*) FROM kpi.run"));
	}
}
