using System.Text;
using Podspawn.Oci.Images;
using Podspawn.Oci.Images.References;

namespace Podspawn.Oci.Fuzzing.Targets;

/// <summary>A text that names an image: a bare name, or a transport and a location.</summary>
internal static class ImageReferenceTarget
{
    internal static FuzzTarget Target { get; } = new("image-reference", [typeof(ImageException)], Read);

    private static void Read(byte[] input)
    {
        ImageSource source = ImageSource.Parse(Encoding.UTF8.GetString(input));
        string full = source.Full();
        _ = source.ForSkopeo();
        if (source.Transport != ImageTransport.Registry)
        {
            Promise.Hold(ImageSource.Parse(full).Full() == full, "a source in full is read again as it was");
            return;
        }
        ImageName name = source.RequireName();
        Promise.Hold(ImageName.Parse(name.ToString()) == name, "a name in full is read again as it was");
        Promise.Hold(name.ToString().All(c => c is > ' ' and <= '~'), "a name in full has no blank and no control character");
        Promise.Hold(!name.ToString().StartsWith('-'), "a name in full is no option of a program's");
    }
}
