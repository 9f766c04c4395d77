using Podspawn.Oci.Errors;
using Podspawn.Oci.Text;

namespace Podspawn.Oci.Matrix.Running;

/// <summary>Selects a part of a matrix: <c>--select</c>.</summary>
public static class MatrixSelection
{
    /// <summary>The cells that every selector matches; runtimes, configs, bundles and probes without a cell are left out.</summary>
    /// <param name="file">The whole matrix.</param>
    /// <param name="selectors"><c>KEY=NAME[,NAME]</c> with the keys runtime, config, bundle and probe; the names of a repeated key are added.</param>
    /// <exception cref="ContainerException">A selector is wrong, or nothing is left.</exception>
    public static MatrixFile Apply(MatrixFile file, IReadOnlyList<string> selectors)
    {
        if (selectors.Count == 0)
            return file;
        Dictionary<string, HashSet<string>> wanted = [];
        foreach (string selector in selectors)
        {
            string[] parts = selector.Split('=', 2);
            IReadOnlyList<string> known = parts[0] switch
            {
                "runtime" => [.. file.Runtimes.Select(item => item.Name)],
                "config" => [.. file.Configs.Select(item => item.Name)],
                "bundle" => [.. file.Bundles.Select(item => item.Name)],
                "probe" => [.. file.Probes.Select(item => item.Name)],
                _ => throw new ContainerException($"{Setting.Select}: '{selector}' is no selector; write runtime=, config=, bundle= or probe= and a name"),
            };
            foreach (string name in parts.Length < 2 ? [""] : parts[1].Split(','))
            {
                if (!known.Contains(name))
                    throw new ContainerException(
                        $"{Setting.Select}: {file.Path} has no {parts[0]} '{name}'; {(Suggestion.DidYouMean(name, known) ?? $"there are {string.Join(", ", known)}")}");
                if (!wanted.TryGetValue(parts[0], out HashSet<string>? names))
                    wanted[parts[0]] = names = [];
                names.Add(name);
            }
        }

        bool Passes(string key, string name) => !wanted.TryGetValue(key, out HashSet<string>? names) || names.Contains(name);
        List<MatrixCell> cells =
        [
            .. file.Cells.Where(cell => Passes("runtime", cell.Key.Runtime) && Passes("config", cell.Key.Config) && Passes("bundle", cell.Key.Bundle)
            && Passes("probe", cell.Key.Probe)),
        ];
        if (cells.Count == 0)
            throw new ContainerException($"{Setting.Select}: no cell of {file.Path} is left; leave a selector away");
        return file with
        {
            Runtimes = [.. file.Runtimes.Where(item => cells.Any(cell => cell.Key.Runtime == item.Name))],
            Configs = [.. file.Configs.Where(item => cells.Any(cell => cell.Key.Config == item.Name))],
            Bundles = [.. file.Bundles.Where(item => cells.Any(cell => cell.Key.Bundle == item.Name))],
            Probes = [.. file.Probes.Where(item => cells.Any(cell => cell.Key.Probe == item.Name))],
            Cells = cells,
        };
    }

    /// <summary>An earlier report without the cells that are not selected, so that they do not count as gone.</summary>
    /// <param name="old">The earlier report.</param>
    /// <param name="whole">The matrix file.</param>
    /// <param name="part">The selected part of it.</param>
    public static MatrixReport Apply(MatrixReport old, MatrixFile whole, MatrixFile part)
    {
        HashSet<CellKey> left = [.. part.Cells.Select(cell => cell.Key)];
        HashSet<CellKey> passedOver = [.. whole.Cells.Select(cell => cell.Key).Where(key => !left.Contains(key))];
        return old with
        {
            Cells = [.. old.Cells.Where(cell => !passedOver.Contains(cell.Key))],
            Runtimes = [.. old.Runtimes.Where(item => part.Runtimes.Any(kept => kept.Name == item.Name) || whole.Runtimes.All(known => known.Name != item.Name))],
            Configs = [.. old.Configs.Where(item => part.Configs.Any(kept => kept.Name == item.Name) || whole.Configs.All(known => known.Name != item.Name))],
        };
    }
}
